//! How fast names are found and resolved, in words: the encoder reads about 5,000 words a second,
//! and resolving should cost a twentieth of that or less.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use demarche::article::Span;
use demarche::gazetteer::Gazetteer;
use demarche::resolve::Resolver;

const SENTENCE: &str = "Pakistani Prime Minister Imran Khan told the Taliban in Kabul on Monday that \
Islamabad, like Beijing and the Central Asian states, would judge the Afghan government by what it did \
against the TTP, and not by what its envoys promised the United Nations in New York. ";

fn resolve(criterion: &mut Criterion) {
    let gazetteer = Gazetteer::built_in().expect("the repository's gazetteer loads");
    let text = SENTENCE.repeat(100);
    let sentences: Vec<Span> = (0..100)
        .map(|index| Span::new(index * SENTENCE.len(), (index + 1) * SENTENCE.len()))
        .collect();
    let mut group = criterion.benchmark_group("resolve");
    group.throughput(Throughput::Elements(text.split_whitespace().count() as u64));
    group.bench_function("words", |bencher| {
        bencher.iter(|| {
            let mut resolver = Resolver::new(&gazetteer, None, None);
            let candidates = resolver.candidates(black_box(&text), &sentences, &[]);
            let kinds = vec![[1.0 / 7.0; 7]; candidates.len()];
            resolver.references(&text, &sentences, &candidates, &kinds)
        });
    });
    group.finish();
    let mut load = criterion.benchmark_group("gazetteer");
    load.sample_size(10);
    load.bench_function("load", |bencher| bencher.iter(Gazetteer::built_in));
    load.finish();
}

criterion_group!(benches, resolve);
criterion_main!(benches);
