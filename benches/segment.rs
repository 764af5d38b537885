//! How fast texts are cleaned and split into sentences.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use demarche::clean::clean;
use demarche::segment::sentences;

/// A page of a speech from the United Nations General Debate Corpus (CC0), as it is set there.
const PAGE: &str = "\
For too long,
Afghanistan was a silenced nation, a country without a
voice. After decades of being suppressed into silence,
our nation is beginning to have a voice of its own.
A lot has changed in Afghanistan over the last
two years. But no change is so critical and pervasive as
the animated response of the people of Afghanistan to
the recent developments in our country. I find no sight
more rewarding than that of our young girls and boys
flocking to schools every morning. As stated by Mr. Karzai, “the holding
of these elections was a major success”. In the
19


service of his nation (see A/60/PV.2), he died.
";

fn text(criterion: &mut Criterion) {
    let raw = PAGE.repeat(100);
    let cleaned = clean(&raw);
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Bytes(raw.len() as u64));
    group.bench_function("clean", |bencher| bencher.iter(|| clean(black_box(&raw))));
    group.throughput(Throughput::Bytes(cleaned.text.len() as u64));
    group.bench_function("segment", |bencher| bencher.iter(|| sentences(black_box(&cleaned.text))));
    group.finish();
}

criterion_group!(benches, text);
criterion_main!(benches);
