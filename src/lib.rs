//! What countries think of each other, read from folders of articles.
//!
//! ```text
//! read -> clean -> segment -> encode -> tag -> resolve -> Article     (one article, a pure function)
//!                               |        |       |
//!                             tokenizer  model   gazetteer
//! Article, Article, ... -> aggregate -> store -> report               (the corpus)
//! ```
//!
//! [`pipeline::annotate`] takes one document through all stages; [`run::run`] does what
//! `demarche run` does.

pub mod cli;
pub mod config;
pub mod assets;
pub mod article;
pub mod clock;
pub mod pipeline;
pub mod read;
pub mod filter;
pub mod clean;
pub mod language;
pub mod similar;
pub mod segment;
pub mod encode;
pub mod model;
pub mod tag;
pub mod gazetteer;
pub mod resolve;
pub mod stories;
pub mod stats;
pub mod aggregate;
pub mod store;
pub mod report;
pub mod run;
pub mod explain;
pub mod eval;
