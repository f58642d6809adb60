mod indexing;
mod parsing;
