//! FHIR packages ([packages](https://hl7.org/fhir/packages.html)): a `package.tgz`, or the files of a folder.

/// A package's content.
pub struct Package {
    /// `hl7se.fhir.base`
    pub name: String,
    /// `1.1.0`
    pub version: String,
    /// Name and version of the packages that it builds on.
    pub dependencies: Vec<(String, String)>,
    /// Its resources.
    pub files: Vec<PackageFile>,
}

/// A resource of a package.
pub struct PackageFile {
    /// The name inside the package.
    pub name: String,
    /// The resource's JSON text.
    pub text: String,
}

/// Why a package can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PackageFault(pub String);
