//! Names that dictionaries get wrong: each line a text, a mention in it and whom it means.
//!
//! `{P Imran Khan}` is an entity the tagger found: P person, O organization, L location, F facility,
//! N people, M miscellaneous. A text of several sentences has ` / ` between them. Expected are country
//! codes, `-` for an actor without a country, `?` for unresolved, `!` for no mention at all.

use demarche::assets::Assets;

use demarche::article::{
    Entity, EntityType, Kind, Precision, PublicationDate, Reference, Span, Via,
};
use demarche::gazetteer::Gazetteer;
use demarche::resolve::Resolver;

mod awkward;

fn gazetteer() -> Gazetteer {
    Gazetteer::built_in().expect("the repository's gazetteer loads")
}

#[test]
fn awkward_names_mean_whom_they_mean() {
    let gazetteer = gazetteer();
    let mut wrong = Vec::new();
    let cases = || awkward::CASES.lines().filter(|line| !line.trim().is_empty());
    for line in cases() {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [year, text, mention, expected, source] = columns[..] else {
            panic!("not five columns: {line}");
        };
        assert!(awkward::SOURCES.iter().any(|(name, _)| *name == source), "no source: {line}");
        let told = told(&gazetteer, year, text, mention);
        if told != expected {
            wrong.push(format!("{text}\n    {mention}: {told}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases().count(), wrong.join("\n"));
}

/// The countries of the last reference with these words, as the table writes them.
fn told(gazetteer: &Gazetteer, year: &str, marked: &str, mention: &str) -> String {
    let references = references(gazetteer, year, marked);
    let found = references.iter().rev().find(|(_, words)| words == mention);
    match found.map(|(reference, _)| reference.actor.as_ref()) {
        None => "!".to_owned(),
        Some(None) => "?".to_owned(),
        Some(Some(actor)) if actor.countries.is_empty() => "-".to_owned(),
        Some(Some(actor)) => {
            let codes: Vec<&str> = actor.countries.iter().map(|country| country.iso3()).collect();
            codes.join("+")
        }
    }
}

/// References with their words; the year may be followed by the author's country: `2021 PAK`.
fn references(gazetteer: &Gazetteer, year: &str, marked: &str) -> Vec<(Reference, String)> {
    let (text, sentences, entities) = unmark(marked);
    let mut setting = year.split_whitespace();
    let date = setting.next().filter(|year| *year != "-").map(|year| PublicationDate {
        day: format!("{year}-12-31").parse().expect("a year"),
        precision: Precision::Year,
    });
    let author = setting.next().map(|code| code.parse().expect("a country"));
    let mut resolver = Resolver::new(gazetteer, date, author);
    let candidates = resolver.candidates(&text, &sentences, &entities);
    let kinds = vec![[1.0 / 7.0; 7]; candidates.len()];
    let references = resolver.references(&text, &sentences, &candidates, &kinds);
    let with_words = |reference: Reference| {
        let words = reference.span.of(&text).to_owned();
        (reference, words)
    };
    references.into_iter().map(with_words).collect()
}

fn unmark(marked: &str) -> (String, Vec<Span>, Vec<Entity>) {
    let (mut text, mut sentences, mut entities) = (String::new(), Vec::new(), Vec::new());
    for sentence in marked.split(" / ") {
        let start = text.len();
        let mut rest = sentence;
        while let Some((before, entity)) = rest.split_once('{') {
            text.push_str(before);
            let (entity, after) = entity.split_once('}').expect("a closing brace");
            let (kind, name) = entity.split_once(' ').expect("a type and a name");
            entities.push(Entity {
                sentence: sentences.len(),
                span: Span::new(text.len(), text.len() + name.len()),
                entity_type: entity_type(kind),
                score: 0.9,
            });
            text.push_str(name);
            rest = after;
        }
        text.push_str(rest);
        sentences.push(Span::new(start, text.len()));
        text.push(' ');
    }
    (text, sentences, entities)
}

fn entity_type(letter: &str) -> EntityType {
    match letter {
        "P" => EntityType::Person,
        "O" => EntityType::Organization,
        "L" => EntityType::Location,
        "F" => EntityType::Facility,
        "N" => EntityType::Norp,
        "M" => EntityType::Misc,
        _ => panic!("no entity type {letter}"),
    }
}

#[test]
fn a_capital_after_in_is_a_place_and_before_a_verb_a_government() {
    let gazetteer = gazetteer();
    let kind_and_via = |text: &str| {
        let references = references(&gazetteer, "2023", text);
        let actor = references[0].0.actor.clone().unwrap();
        (actor.kind, actor.via)
    };
    assert_eq!(kind_and_via("Beijing is content with the deal."), (Kind::Government, Via::Capital));
    assert_eq!(kind_and_via("They met at a summit in Beijing."), (Kind::Place, Via::Place));
    let score = |text: &str| references(&gazetteer, "2023", text)[0].0.actor.clone().unwrap().score;
    let (plain, locative) = (score("Beijing is content."), score("In Beijing, they met."));
    assert!(plain < 0.9 && locative > plain, "{plain} {locative}");
}

#[test]
fn the_taliban_change_their_role_on_the_day_kabul_fell() {
    let gazetteer = gazetteer();
    let role = |day: &str| {
        let date = PublicationDate { day: day.parse().unwrap(), precision: Precision::Day };
        let text = "The Taliban spoke.";
        let sentences = [Span::new(0, text.len())];
        let mut resolver = Resolver::new(&gazetteer, Some(date), None);
        let candidates = resolver.candidates(text, &sentences, &[]);
        let references = resolver.references(text, &sentences, &candidates, &[[1.0 / 7.0; 7]]);
        let actor = references[0].actor.clone().unwrap();
        (actor.kind, actor.countries.first().map(ToString::to_string))
    };
    let rebels = (Kind::ArmedGroup, None);
    let rulers = (Kind::Government, Some("AFG".to_owned()));
    for (day, expected) in [
        ("1996-09-26", &rebels),
        ("1996-09-27", &rulers),
        ("2001-11-13", &rulers),
        ("2001-11-14", &rebels),
        ("2021-08-14", &rebels),
        ("2021-08-15", &rulers),
    ] {
        assert_eq!(&role(day), expected, "{day}");
    }
}

#[test]
fn a_block_remembers_the_blocks_before() {
    let gazetteer = gazetteer();
    let mut resolver = Resolver::new(&gazetteer, None, None);
    let mut resolve = |marked: &str| {
        let (text, sentences, entities) = unmark(marked);
        let candidates = resolver.candidates(&text, &sentences, &entities);
        let kinds = vec![[1.0 / 7.0; 7]; candidates.len()];
        resolver.references(&text, &sentences, &candidates, &kinds)
    };
    resolve("Pakistani envoy {P Tariq Nameless} spoke.");
    let later = resolve("{P Nameless} left.");
    let actor = later[0].actor.clone().unwrap();
    assert_eq!((actor.name.as_str(), actor.via), ("Pakistan", Via::Coreference));
}

#[test]
fn an_unknown_country_is_answered_with_near_ones() {
    let gazetteer = gazetteer();
    for (asked, code) in [
        ("AF", "AFG"),
        ("afg", "AFG"),
        ("700", "AFG"),
        ("afghanistan", "AFG"),
        ("Türkiye", "TUR"),
        ("Persia", "IRN"),
    ] {
        assert_eq!(gazetteer.country(asked).unwrap().iso3(), code);
    }
    let error = gazetteer.country("Afganistn").unwrap_err().to_string();
    assert!(
        error.starts_with("unknown country 'Afganistn'; did you mean Afghanistan (AFG)"),
        "{error}"
    );
}

#[test]
fn neighbours_and_codes_come_from_the_tables() {
    let gazetteer = gazetteer();
    let afghanistan = gazetteer.country("AF").unwrap();
    let neighbours: Vec<&str> =
        gazetteer.neighbours(afghanistan).iter().map(|country| country.iso3()).collect();
    assert_eq!(neighbours, ["CHN", "IRN", "PAK", "TJK", "TKM", "UZB"]);
    assert_eq!(gazetteer.cow(afghanistan), Some(700));
    assert_eq!(gazetteer.iso2(afghanistan), "AF");
}

#[test]
fn a_broken_table_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir("models/gazetteer").unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    std::fs::write(dir.path().join("names.csv"), "alias,iso3,kind,note\nKabul,AFG,capitol,\n")
        .unwrap();
    let load = || Gazetteer::load(&Assets::Folder(dir.path().to_owned()));
    let error = format!("{:#}", load().unwrap_err());
    assert!(
        error.contains("names.csv line 2: kind 'capitol' is not name, demonym or capital"),
        "{error}"
    );
    std::fs::remove_file(dir.path().join("names.csv")).unwrap();
    let error = format!("{:#}", load().unwrap_err());
    assert!(error.contains("cannot read") && error.contains("names.csv"), "{error}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn candidates_of_any_text_are_in_order_and_apart(
        words in proptest::collection::vec("U\\.S\\.|Türkiye’s|Pak-Afghan|we|I\\.|\\PC{0,6}|[-'’. \"]{1,3}", 0..30),
        cuts in proptest::collection::vec((0usize..30, 0usize..4), 0..6),
    ) {
        static GAZETTEER: std::sync::LazyLock<Gazetteer> = std::sync::LazyLock::new(gazetteer);
        let mut text = String::new();
        let mut ends = vec![0];
        for word in &words {
            text.push_str(word);
            text.push(' ');
            ends.push(text.len());
        }
        let entities: Vec<Entity> = cuts
            .iter()
            .map(|&(first, length)| Entity {
                sentence: 0,
                span: Span::new(ends[first.min(words.len())], ends[(first + length).min(words.len())]),
                entity_type: EntityType::Person,
                score: 0.5,
            })
            .collect();
        let mut resolver = Resolver::new(&GAZETTEER, None, Some("PAK".parse().expect("a code")));
        let sentences = [Span::new(0, text.len())];
        let candidates = resolver.candidates(&text, &sentences, &entities);
        for pair in candidates.windows(2) {
            assert!(pair[0].span.start <= pair[1].span.start, "{pair:?}");
        }
        let kinds = vec![[1.0 / 7.0; 7]; candidates.len()];
        let references = resolver.references(&text, &sentences, &candidates, &kinds);
        assert!(references.len() <= candidates.len());
        for reference in references {
            assert!(text.is_char_boundary(reference.span.start) && text.is_char_boundary(reference.span.end));
        }
    }
}
