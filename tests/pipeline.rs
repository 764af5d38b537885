//! What becomes of a text after the model has read it, with a model whose answers are known.

use demarche::aggregate::{Contribution, contribution};
use demarche::article::{Article, Country, Document, Origin, Sign};
use demarche::clock::Clock;
use demarche::gazetteer::Gazetteer;
use demarche::pipeline::{self, Effort, Stages};
use demarche::stories::Signer;
use demarche::tag::Tagger;
use proptest::prelude::*;

fn stages() -> Stages {
    Stages {
        gazetteer: Gazetteer::built_in().expect("the gazetteer is in the program"),
        tagger: Tagger::fake().expect("the fake needs no files"),
        signer: Signer::default(),
    }
}

fn annotate(text: &str, stages: &Stages) -> (Article, Effort) {
    let document = Document {
        id: "id".into(),
        path: "path".into(),
        title: None,
        source: None,
        author_country: None,
        date: None,
        origin: Origin::default(),
        text: text.into(),
    };
    pipeline::annotate(document, stages, &mut Clock::start()).expect("the fake does not fail")
}

fn country(code: &str) -> Country {
    code.parse().expect("a code")
}

/// Signs of the pairs between two countries.
fn stance(sum: &Contribution, holder: &str, target: &str) -> Option<(u32, u32, u32)> {
    let tally = sum.dyads.get(&(country(holder), country(target)))?;
    Some((tally.signs.negative, tally.signs.neutral, tally.signs.positive))
}

#[test]
fn stance_is_of_the_holder_toward_the_target() {
    let (article, _) = annotate("Pakistan blamed the Taliban. Iran praised Pakistan.", &stages());
    let sum = contribution(&article);
    assert_eq!(stance(&sum, "PAK", "AFG"), Some((1, 0, 0)));
    assert_eq!(stance(&sum, "AFG", "PAK"), Some((0, 1, 0)));
    assert_eq!(stance(&sum, "IRN", "PAK"), Some((0, 0, 1)));
}

#[test]
fn attacks_of_an_armed_group_count_for_nobodys_government() {
    let (article, _) = annotate("TTP attacked Pakistan. Pakistan blamed TTP.", &stages());
    assert_eq!(article.pairs.len(), 4);
    let signs: Vec<Sign> = article.pairs.iter().map(|pair| pair.stance.sign()).collect();
    assert!(signs.contains(&Sign::Negative));
    assert!(contribution(&article).dyads.is_empty());
}

#[test]
fn a_region_speaks_for_each_of_its_members() {
    let (article, _) = annotate("Iran praised the Central Asian states.", &stages());
    let sum = contribution(&article);
    for member in ["KAZ", "KGZ", "TJK", "TKM", "UZB"] {
        assert_eq!(stance(&sum, "IRN", member), Some((0, 0, 1)), "{member}");
    }
}

#[test]
fn a_place_is_in_no_pair() {
    let (article, _) = annotate("Iran praised Pakistan in Kabul.", &stages());
    let named = |n: usize| article.mentions[n].reference.span.of(&article.document.text);
    assert!(article.mentions.len() == 3, "{:?}", article.mentions);
    assert!(
        article
            .pairs
            .iter()
            .all(|pair| named(pair.holder) != "Kabul" && named(pair.target) != "Kabul")
    );
}

#[test]
fn a_list_of_countries_is_counted_and_not_paired() {
    let gazetteer = Gazetteer::built_in().expect("the gazetteer is in the program");
    let names: Vec<String> = gazetteer
        .countries()
        .map(|(country, _)| gazetteer.name(country).to_owned())
        .take(60)
        .collect();
    let (article, effort) = annotate(&format!("Present were {}.", names.join(", ")), &stages());
    assert_eq!((article.pairs.len(), effort.crowded_sentences), (0, 1));
    assert!(article.mentions.len() > 24);
}

#[test]
fn a_long_article_is_read_to_its_end() {
    let text = "Iran praised Pakistan. ".repeat(5_000); // 115 kB: two blocks
    let (article, _) = annotate(&text, &stages());
    assert_eq!((article.sentences.len(), article.pairs.len()), (5_000, 10_000));
    let last = &article.mentions[article.mentions.len() - 1].reference;
    assert_eq!(last.sentence, 4_999);
    assert!(article.sentences[last.sentence].contains(last.span));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn mentions_of_any_text_lie_in_their_sentences(words in prop::collection::vec(
        "Iran|Pakistan’s|the Taliban|praised|blamed|U\\.S\\.|Mr\\.|\\PC{0,8}|[.?!\"“”\n]{1,2}", 0..40)) {
        thread_local!(static STAGES: Stages = stages());
        let (article, _) = STAGES.with(|stages| annotate(&words.join(" "), stages));
        for mention in &article.mentions {
            let reference = &mention.reference;
            prop_assert!(article.sentences[reference.sentence].contains(reference.span));
            prop_assert!(!reference.span.of(&article.document.text).is_empty());
        }
        for pair in &article.pairs {
            let sentence = |n: usize| article.mentions[n].reference.sentence;
            prop_assert_eq!(sentence(pair.holder), sentence(pair.target));
        }
    }
}
