//! What the checked numbers have in common: one text inside, `value()` out, JSON as that text, nothing in `Debug`.

/// Gives a type around a `Box<str>` field its `value`, `Debug`, `Serialize` and (by its `parse`) `Deserialize`.
macro_rules! text_form {
    ($name:ident) => {
        impl $name {
            /// The number in the notation that is stored; the only way out of the type.
            pub fn value(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.value())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use text_form;
