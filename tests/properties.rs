//! What holds for any corpus, in whatever parts and order it comes, and for any text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use demarche::article::Span;
use demarche::assets;
use demarche::config::{Config, Period, Settings};
use demarche::encode::Encoder;
use demarche::gazetteer::Gazetteer;
use demarche::pipeline::Stages;
use demarche::read::{self, Links};
use demarche::report::Folder;
use demarche::run::{self, Task};
use demarche::store::Again;
use demarche::stories::Signer;
use demarche::tag::Tagger;
use proptest::prelude::*;

const SENTENCES: [&str; 8] = [
    "Iran praised Pakistan.",
    "Pakistan blamed the Taliban.",
    "The Taliban attacked Pakistan.",
    "China met Iran in Kabul.",
    "Iran blamed the Central Asian states.",
    "The Taliban praised China.",
    "Nobody was named.",
    "Zorbistan praised Iran.",
];

/// An article of a few sentences, in a month, and in which part of the corpus it is.
type Piece = (Vec<prop::sample::Index>, u8, usize);

fn corpus() -> impl Strategy<Value = Vec<Piece>> {
    let sentences = prop::collection::vec(any::<prop::sample::Index>(), 0..6);
    prop::collection::vec((sentences, 1..5u8, 0..3usize), 1..12)
}

/// Writes an article in a folder; one without sentences is a failure.
fn write(folder: &Path, n: usize, (sentences, month, _): &Piece) {
    let text: Vec<&str> = sentences.iter().map(|n| *n.get(&SENTENCES)).collect();
    fs::create_dir_all(folder).expect("a writable folder");
    let path = folder.join(format!("2023-0{month}-01-{n}.txt"));
    fs::write(path, text.join(" ")).expect("a writable file");
}

/// Runs over these folders, into `out`.
fn run(folders: &[PathBuf], out: &Path, again: Again) {
    thread_local!(static STAGES: Stages = Stages {
        gazetteer: Gazetteer::built_in().expect("the gazetteer is in the program"),
        tagger: Tagger::fake().expect("the fake needs no files"),
        signer: Signer::default(),
    });
    STAGES.with(|stages| {
        let settings = Settings {
            focus: Some("AF".into()),
            period: Some(Period::Month),
            threads: Some(2),
            ..Settings::default()
        };
        let task = Task {
            sources: &read::sources(folders, Links::Stay).expect("the folders are there"),
            paths: folders.iter().map(|folder| folder.display().to_string()).collect(),
            stages,
            config: Config::new(settings, &stages.gazetteer).expect("they are legal"),
            folder: &Folder::open(out, again).expect("a writable folder"),
            again,
        };
        run::run(task, &AtomicBool::new(false), |_| {}).expect("a whole run");
    });
}

/// The tables of these names, by name.
fn reports(out: &Path, names: &[&'static str]) -> BTreeMap<&'static str, String> {
    let read = |name| fs::read_to_string(out.join(format!("{name}.csv"))).expect("a report");
    names.iter().map(|&name| (name, read(name))).collect()
}

const FIGURES: [&str; 3] = ["countries", "dyads", "stories"];
const ARTICLES: [&str; 5] = ["articles", "mentions", "pairs", "unresolved", "failures"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_folder_that_grew_has_the_reports_of_one_run(corpus in corpus()) {
        let scratch = tempfile::tempdir().unwrap();
        let articles = [scratch.path().join("articles")];
        let [grown, whole] = ["grown", "whole"].map(|name| scratch.path().join(name));
        fs::create_dir(&articles[0]).unwrap();
        for now in 0..3 {
            for (n, piece) in corpus.iter().enumerate().filter(|(_, (_, _, part))| *part == now) {
                write(&articles[0], n, piece);
            }
            run(&articles, &grown, Again::Continue);
        }
        run(&articles, &whole, Again::Continue);
        for names in [&FIGURES[..], &ARTICLES] {
            prop_assert_eq!(reports(&grown, names), reports(&whole, names));
        }
    }

    #[test]
    fn parts_that_are_merged_in_any_order_have_the_figures_of_one_run(
        corpus in corpus(),
        order in Just([0, 1, 2]).prop_shuffle(),
    ) {
        let scratch = tempfile::tempdir().unwrap();
        let parts = [0, 1, 2].map(|part| scratch.path().join(format!("part-{part}")));
        parts.iter().for_each(|part| fs::create_dir(part).unwrap());
        for (n, piece) in corpus.iter().enumerate() {
            write(&parts[piece.2], n, piece);
        }
        let [merged, whole] = ["merged", "whole"].map(|name| scratch.path().join(name));
        for part in order {
            run(&parts[part..=part], &merged, Again::KeepMissing);
        }
        run(&parts, &whole, Again::Continue);
        prop_assert_eq!(reports(&merged, &FIGURES), reports(&whole, &FIGURES));
    }
}

proptest! {
    #[test]
    fn windows_hold_every_token_of_any_text_in_its_place(
        text in r#"([a-zA-Z]{1,12}|U\.S\.|[é한文ﬁİ]|[.,!?“”'’-]|[ \n\u{a0}\u{200b}\u{300}]|[0-9]{1,4}|\PC){0,120}"#,
        (window, overlap) in (3..40usize).prop_flat_map(|window| (Just(window), 0..window)),
    ) {
        thread_local!(static ENCODER: Encoder = Encoder::load(&assets::MODEL).expect("it is in the program"));
        let whole = Span::new(0, text.len());
        let tokens = ENCODER.with(|encoder| encoder.tokens(&text, whole)).unwrap();
        for span in &tokens.spans {
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        }
        let mut next = 1;
        for (start, part) in tokens.windows(window, overlap) {
            let content = start..start + part.len() - 2;
            prop_assert!(part.len() <= window && start <= next && content.end >= next);
            prop_assert_eq!(&part.ids[1..part.len() - 1], &tokens.ids[content.clone()]);
            prop_assert_eq!(&part.spans[1..part.len() - 1], &tokens.spans[content.clone()]);
            next = content.end;
        }
        prop_assert_eq!(next, tokens.len() - 1);
    }
}
