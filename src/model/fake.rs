//! A model for tests that takes milliseconds: it knows a few dozen words and answers from them.
//!
//! Capitalised words are entities: `PLACES`, `PEOPLES` (demonyms) and `GROUPS` by their lists,
//! words in capitals organizations, all others persons, and neighbours of one type one entity.
//! 'A praised B' is favor of A for B and positive for B, 'A blamed B' against and negative, and
//! 'B was blamed by A' the same; see `CUES`. Everything else is neutral.

use std::ops::Range;

use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use tokenizers::Tokenizer;

use super::config::{Config, Tag};
use super::{Heads, Hidden, Model, PairTask, SpanTask};
use crate::article::{EntityType, Kind, Quad};
use crate::encode::{Encoder, Tokens};

const PLACES: &str = "afghanistan pakistan iran china tajikistan uzbekistan turkmenistan \
    kazakhstan kyrgyzstan india russia turkey qatar georgia kabul islamabad tehran beijing \
    dushanbe tashkent ashgabat astana delhi moscow doha kandahar herat torkham france";
const PEOPLES: &str = "afghan afghans pakistani pakistanis iranian iranians chinese tajik uzbek \
    turkmen kazakh indian russian turkish french american americans";
const GROUPS: &str = "taliban emirate ministry parliament nato";
const ARMED: &str = "ttp isis iskp militants insurgents";
const CAPITALISED_OTHERWISE: &str = "the a an in on at he she it they we our but and for from by \
    to of when while after before as if this that these his her its their prime minister \
    president foreign general mr mrs dr";
const OTHERS: &str = "near inside was were is refugees people";

/// Verbs, with what they say of their object.
const CUES: [(&str, Quad); 4] = [
    ("praised welcomed trusts thanked supports", Quad::VerbalCooperation),
    ("aided helped funded", Quad::MaterialCooperation),
    ("blamed condemned accused criticised distrusts", Quad::VerbalConflict),
    ("attacked shelled bombed", Quad::MaterialConflict),
];

/// What the fake knows of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    None,
    By,
    Locating,
    Population,
    Speaker,
    Cue(Quad),
    Named(EntityType),
    Armed,
}

/// The tokenizer of the fake: a token a word, all other words `[UNK]`.
///
/// # Errors
/// None, in a version that passes its tests.
pub fn encoder() -> Result<Encoder> {
    let cues = CUES.iter().map(|(words, _)| *words);
    let lists = [PLACES, PEOPLES, GROUPS, ARMED, CAPITALISED_OTHERWISE, OTHERS];
    let words = lists.into_iter().chain(cues).flat_map(str::split_whitespace);
    let vocabulary: serde_json::Map<String, Value> = ["[UNK]", "[CLS]", "[SEP]"]
        .into_iter()
        .chain(words)
        .zip(0..)
        .map(|(word, id): (&str, u32)| (word.to_owned(), id.into()))
        .collect();
    let model = json!({"type": "WordLevel", "unk_token": "[UNK]", "vocab": vocabulary});
    encoder_of(&model)
}

/// An encoder that cleans and splits text as BERT's does and then asks `model`, in the form it has
/// in a `tokenizer.json`.
pub(crate) fn encoder_of(model: &Value) -> Result<Encoder> {
    let special =
        |token: &str| json!({"id": token, "ids": [model["vocab"][token]], "tokens": [token]});
    let place = |token: &str| json!({"SpecialToken": {"id": token, "type_id": 0}});
    let json = json!({
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true,
            "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing",
            "single": [place("[CLS]"), {"Sequence": {"id": "A", "type_id": 0}}, place("[SEP]")],
            "pair": [],
            "special_tokens": {"[CLS]": special("[CLS]"), "[SEP]": special("[SEP]")}},
        "model": model,
    });
    let tokenizer = Tokenizer::from_bytes(json.to_string())
        .map_err(|error| anyhow!("the fake's tokenizer: {error}"))?;
    Encoder::new(tokenizer)
}

/// The sizes and labels of the fake: windows of 64 tokens that share 16.
pub fn config() -> Config {
    let types = [
        "Person",
        "Organization",
        "Location",
        "Facility",
        "NORP",
        "Misc",
        "Date",
        "Money",
        "Product",
    ];
    let tags = types.iter().flat_map(|name| [format!("B-{name}"), format!("I-{name}")]);
    let entities: Vec<_> = ["O".to_owned()].into_iter().chain(tags).collect();
    serde_json::from_value(json!({
        "hidden_size": 2, "num_hidden_layers": 0, "num_attention_heads": 1,
        "layer_norm_eps": 0.0, "max_position_embeddings": 64, "hidden_act": "gelu",
        "window": 64, "stride": 16,
        "heads": {
            "entities": entities,
            "sentiment": ["negative", "neutral", "positive"],
            "stance": ["against", "neutral", "favor"],
            "relation": Quad::ALL.map(Quad::label),
            "kind": Kind::ALL.map(Kind::label),
        },
    }))
    .expect("has the fields of a config")
}

/// The fake. Its hidden states are the id and the case class of each token.
pub struct Fake {
    /// By token id.
    meanings: Vec<Meaning>,
    tags: Vec<Tag>,
}

impl Fake {
    /// A fake that reads the tokens of [`encoder`], or of any other that has its words.
    pub fn new(encoder: &Encoder) -> Self {
        let mut meanings = Vec::new();
        let mut learn = |words: &str, meaning| {
            for id in words.split_whitespace().filter_map(|word| encoder.id(word)) {
                let id = id as usize;
                meanings.resize(meanings.len().max(id + 1), Meaning::Named(EntityType::Person));
                meanings[id] = meaning;
            }
        };
        learn("[CLS] [SEP]", Meaning::None);
        learn(PLACES, Meaning::Named(EntityType::Location));
        learn(PEOPLES, Meaning::Named(EntityType::Norp));
        learn(GROUPS, Meaning::Named(EntityType::Organization));
        learn(ARMED, Meaning::Armed);
        learn(CAPITALISED_OTHERWISE, Meaning::None);
        learn(OTHERS, Meaning::None);
        learn("in near inside at", Meaning::Locating);
        learn("refugees people", Meaning::Population);
        learn("we our", Meaning::Speaker);
        learn("by", Meaning::By);
        for (words, quad) in CUES {
            learn(words, Meaning::Cue(quad));
        }
        let tags = config().tags().expect("are ours");
        Self { meanings, tags }
    }

    /// The tags of a sentence's tokens.
    fn read(&self, sentence: &[Word]) -> Vec<Tag> {
        let mut before = None;
        let types = sentence.iter().map(|word| word.entity_type());
        types
            .map(|entity_type| {
                let tag = match entity_type {
                    None => Tag::Outside,
                    Some(t) if before == Some(t) => Tag::Inside(t),
                    Some(t) => Tag::Begin(t),
                };
                before = entity_type;
                tag
            })
            .collect()
    }

    fn words(&self, hidden: &Hidden) -> Vec<Word> {
        let person = Meaning::Named(EntityType::Person);
        let meaning = |row: &[f32]| self.meanings.get(row[0] as usize).copied().unwrap_or(person);
        hidden
            .rows(0..hidden.tokens())
            .map(|row| Word { meaning: meaning(row), case: row[1] as u8 })
            .collect()
    }
}

/// A token as the fake sees it.
#[derive(Clone, Copy)]
struct Word {
    meaning: Meaning,
    case: u8,
}

impl Word {
    fn entity_type(self) -> Option<EntityType> {
        match self.meaning {
            _ if self.case == 0 => None,
            Meaning::Named(EntityType::Person) if self.case == 2 => Some(EntityType::Organization),
            Meaning::Named(entity_type) => Some(entity_type),
            Meaning::Armed => Some(EntityType::Organization),
            _ => None,
        }
    }
}

/// What a verb between two stretches says: 'before praised after', or 'before was praised by after'
/// if `passive`. The last such verb.
fn cue(between: &[Word], passive: bool) -> Quad {
    let by = |at| between.get(at + 1).is_some_and(|word: &Word| word.meaning == Meaning::By);
    let mut quads = between.iter().enumerate().filter_map(|(at, word)| match word.meaning {
        Meaning::Cue(quad) if by(at) == passive => Some(quad),
        _ => None,
    });
    quads.next_back().unwrap_or(Quad::None)
}

/// What a sentence says the first span does to the second.
fn relation(sentence: &[Word], [source, target]: &[Range<usize>; 2]) -> Quad {
    if source.end <= target.start {
        cue(&sentence[source.end..target.start], false)
    } else if target.end <= source.start {
        cue(&sentence[target.end..source.start], true)
    } else {
        Quad::None
    }
}

/// What a sentence says anybody does to the span.
fn received(sentence: &[Word], span: &Range<usize>) -> Quad {
    match cue(&sentence[..span.start], false) {
        Quad::None => cue(&sentence[span.end..], true),
        quad => quad,
    }
}

fn kind(sentence: &[Word], span: &Range<usize>) -> Kind {
    let before = sentence[..span.start].last().map(|word| word.meaning);
    let after = sentence.get(span.end).map(|word| word.meaning);
    let meaning = sentence.get(span.start).map(|word| word.meaning);
    match meaning {
        Some(Meaning::Speaker) => Kind::Speaker,
        Some(Meaning::Armed) => Kind::ArmedGroup,
        Some(Meaning::Named(EntityType::Person)) => Kind::Person,
        _ if before == Some(Meaning::Locating) => Kind::Place,
        _ if after == Some(Meaning::Population) => Kind::People,
        _ => Kind::Government,
    }
}

/// 0 against, 1 neither, 2 for.
fn polarity(quad: Quad) -> usize {
    match quad {
        Quad::VerbalConflict | Quad::MaterialConflict => 0,
        Quad::None => 1,
        Quad::VerbalCooperation | Quad::MaterialCooperation => 2,
    }
}

/// Logits that make one of `classes` about 98 % sure, or more.
fn sure(class: usize, classes: usize) -> Vec<f32> {
    (0..classes).map(|c| if c == class { 6.0 } else { 0.0 }).collect()
}

impl Model for Fake {
    fn encode(&self, windows: &[&Tokens]) -> Result<Vec<Hidden>> {
        let row = |(&id, &case): (&u32, &u8)| [id as f32, f32::from(case)];
        Ok(windows
            .iter()
            .map(|tokens| Hidden {
                values: tokens.ids.iter().zip(&tokens.cases).flat_map(row).collect(),
                width: 2,
            })
            .collect())
    }

    fn heads(&self) -> &dyn Heads {
        self
    }
}

impl Heads for Fake {
    fn tags(&self, hidden: &Hidden) -> Result<Vec<f32>> {
        let index = |tag| self.tags.iter().position(|&other| other == tag).unwrap_or(0);
        let tags = self.read(&self.words(hidden));
        Ok(tags.into_iter().flat_map(|tag| sure(index(tag), self.tags.len())).collect())
    }

    fn score_spans(
        &self,
        task: SpanTask,
        hidden: &Hidden,
        spans: &[Range<usize>],
    ) -> Result<Vec<Vec<f32>>> {
        let sentence = self.words(hidden);
        Ok(spans
            .iter()
            .map(|span| match task {
                SpanTask::Sentiment => sure(polarity(received(&sentence, span)), 3),
                SpanTask::Kind => sure(kind(&sentence, span) as usize, 7),
            })
            .collect())
    }

    fn score_pairs(
        &self,
        task: PairTask,
        hidden: &Hidden,
        pairs: &[[Range<usize>; 2]],
    ) -> Result<Vec<Vec<f32>>> {
        let sentence = self.words(hidden);
        let relations = pairs.iter().map(|pair| relation(&sentence, pair));
        Ok(relations
            .map(|quad| match task {
                PairTask::Stance => sure(polarity(quad), 3),
                PairTask::Relation => sure(quad as usize, 5),
            })
            .collect())
    }
}
