//! What countries think of each other, read from folders of articles.
//!
//! ```text
//! read -> clean -> segment -> encode -> tag -> resolve -> Article     (one article, a pure function)
//!                               |        |       |
//!                             tokenizer  model   gazetteer
//! Article, Article, ... -> aggregate -> Summary -> report             (the corpus)
//! ```

pub mod article;
pub mod encode;
pub mod model;
