//! Times tokenising and reading real sentences: `cargo bench --bench encode`.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use demarche::article::Span;
use demarche::assets::MODEL;
use demarche::model::engine::Engine;
use demarche::tag::{Reading, Tagger};

/// The sentences of the reference test, joined to one article.
fn article() -> (String, Vec<Span>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sentences.jsonl");
    let lines = std::fs::read_to_string(path).expect("is in the repository");
    let mut text = String::new();
    let mut sentences = Vec::new();
    for line in lines.lines() {
        let sentence: serde_json::Value = serde_json::from_str(line).expect("a line is an object");
        let start = text.len();
        text.push_str(sentence["text"].as_str().expect("has a text"));
        sentences.push(Span::new(start, text.len()));
        text.push('\n');
    }
    (text, sentences)
}

fn encode(criterion: &mut Criterion) {
    let tagger = Tagger::load(&MODEL, Engine::default()).expect("is in the program");
    let (text, sentences) = article();
    let tokens = tagger.tokens(&text, &sentences).expect("are sentences");
    let count: usize = tokens.iter().map(|tokens| tokens.len()).sum();
    // On one thread: the figure is tokens a CPU second.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");

    let mut group = criterion.benchmark_group("encode");
    group.throughput(Throughput::Elements(count as u64)).sample_size(10);
    group.bench_function("tokenise", |bencher| {
        bencher.iter(|| tagger.tokens(black_box(&text), &sentences));
    });
    group.bench_function("read", |bencher| {
        bencher.iter(|| {
            pool.install(|| {
                let readings: Vec<_> = tokens.iter().cloned().map(Reading::new).collect();
                tagger.read(black_box(&readings)).expect("the model reads");
            });
        });
    });
    group.finish();
}

criterion_group!(benches, encode);
criterion_main!(benches);
