//! Articles -> summary: figures of each country and each pair of countries over the corpus.
//!
//! An article's figure is the mean over its mentions or pairs; a story's the mean over its
//! articles; the corpus's the mean over its stories.

use std::collections::BTreeMap;

use crate::article::{Article, Country, Pair, Quad, Reference, Sign};
use crate::stats::{self, Estimate};

/// How often each side was the most probable one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs {
    /// Negative or against.
    pub negative: u32,
    /// Neutral.
    pub neutral: u32,
    /// Positive or favor.
    pub positive: u32,
}

impl Signs {
    fn count(&mut self, sign: Sign) {
        match sign {
            Sign::Negative => self.negative += 1,
            Sign::Neutral => self.neutral += 1,
            Sign::Positive => self.positive += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
    }

    /// All of them.
    pub fn total(self) -> u32 {
        self.negative + self.neutral + self.positive
    }
}

/// Relations by quad class, as most probable class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quads {
    /// Verbal cooperation.
    pub vcp: u32,
    /// Material cooperation.
    pub mcp: u32,
    /// Verbal conflict.
    pub vcf: u32,
    /// Material conflict.
    pub mcf: u32,
}

impl Quads {
    fn count(&mut self, quad: Quad) {
        match quad {
            Quad::None => {}
            Quad::VerbalCooperation => self.vcp += 1,
            Quad::MaterialCooperation => self.mcp += 1,
            Quad::VerbalConflict => self.vcf += 1,
            Quad::MaterialConflict => self.mcf += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.vcp += other.vcp;
        self.mcp += other.mcp;
        self.vcf += other.vcf;
        self.mcf += other.mcf;
    }
}

/// What one article says of a country, or of one country and another.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Mentions or pairs, by most probable side.
    pub signs: Signs,
    /// Relations; none for a single country.
    pub quads: Quads,
    /// Of the mentions or pairs: 1 each, a region's shared among its members.
    pub weight: f64,
    /// Their balances, weighted and summed up.
    pub balance: f64,
}

impl Tally {
    /// A region's mention counts for each of its n members, with weight 1/n in the mean.
    fn count(&mut self, balance: f64, sign: Sign, weight: f64) {
        self.signs.count(sign);
        self.weight += weight;
        self.balance += weight * balance;
    }

    fn figure(&self) -> f64 {
        self.balance / self.weight
    }
}

/// A holder and a target country.
pub type Dyad = (Country, Country);

/// What one article contributes to the corpus.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contribution {
    /// Sentiment toward each country mentioned.
    pub countries: BTreeMap<Country, Tally>,
    /// Stance and relation of each ordered pair of countries.
    pub dyads: BTreeMap<Dyad, Tally>,
}

/// Sums up one article.
pub fn contribution(article: &Article) -> Contribution {
    let mut sum = Contribution::default();
    for mention in &article.mentions {
        let countries = countries_of(&mention.reference);
        let share = 1.0 / countries.len() as f64;
        for &country in countries {
            sum.countries.entry(country).or_default().count(
                mention.sentiment.balance(),
                mention.sentiment.sign(),
                share,
            );
        }
    }
    for pair in &article.pairs {
        add_pair(&mut sum.dyads, article, pair);
    }
    sum
}

fn add_pair(dyads: &mut BTreeMap<Dyad, Tally>, article: &Article, pair: &Pair) {
    let holders = countries_of(&article.mentions[pair.holder].reference);
    let targets = countries_of(&article.mentions[pair.target].reference);
    let share = 1.0 / (holders.len() * targets.len()) as f64;
    for &holder in holders {
        for &target in targets.iter().filter(|&&target| target != holder) {
            let tally = dyads.entry((holder, target)).or_default();
            tally.count(pair.stance.balance(), pair.stance.sign(), share);
            tally.quads.count(pair.relation.quad().0);
        }
    }
}

fn countries_of(reference: &Reference) -> &[Country] {
    reference.actor.as_ref().map_or(&[], |actor| &actor.countries)
}

/// The figures of a country or an ordered pair over a set of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Total {
    /// Articles with at least one mention or pair.
    pub articles: usize,
    /// Stories among them.
    pub stories: usize,
    /// Mentions or pairs, by most probable side.
    pub signs: Signs,
    /// Relations, by most probable class.
    pub quads: Quads,
    /// Mean over stories of P(positive) - P(negative), or P(favor) - P(against).
    pub figure: Option<Estimate>,
}

/// Sums up a country or an ordered pair, article by article, the articles of a story together. In
/// which order they and the stories come makes no difference, not in the last digit.
#[derive(Debug, Default)]
pub struct Sum {
    total: Total,
    /// The story at hand, and the figures of its articles.
    story: Option<(i64, Vec<f64>)>,
    /// The figures of the stories before.
    stories: Vec<f64>,
}

impl Sum {
    /// Adds an article of a story: the one of the article before, or one that was not there yet.
    pub fn add(&mut self, story: i64, tally: &Tally) {
        self.total.articles += 1;
        self.total.signs.add(tally.signs);
        self.total.quads.add(tally.quads);
        match &mut self.story {
            Some((at_hand, figures)) if *at_hand == story => figures.push(tally.figure()),
            _ => {
                self.end_story();
                self.story = Some((story, vec![tally.figure()]));
            }
        }
    }

    /// What all of them come to.
    pub fn total(mut self) -> Total {
        self.end_story();
        let stories = self.stories.len();
        // The interval's draws go by place.
        self.stories.sort_by(f64::total_cmp);
        Total { stories, figure: stats::estimate(&self.stories), ..self.total }
    }

    fn end_story(&mut self) {
        let mut figures = self.story.take().map(|(_, figures)| figures).unwrap_or_default();
        figures.sort_by(f64::total_cmp);
        self.stories.extend(stats::mean(&figures));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::{
        Actor, Document, EntityType, Kind, Mention, Polarity, Relation, Span, Via,
    };

    fn country(code: &str) -> Country {
        code.parse().unwrap()
    }

    fn mention(codes: &[&str], balance: f32) -> Mention {
        let countries = codes.iter().map(|code| country(code)).collect();
        let actor = Actor {
            name: codes.join("+"),
            kind: Kind::Government,
            countries,
            via: Via::Name,
            score: 1.0,
        };
        Mention {
            reference: Reference {
                sentence: 0,
                span: Span::new(0, 1),
                entity_type: EntityType::Location,
                actor: Some(actor),
            },
            sentiment: polarity(balance),
        }
    }

    fn polarity(balance: f32) -> Polarity {
        let (negative, positive) = ((-balance).max(0.0), balance.max(0.0));
        Polarity { negative, neutral: 1.0 - negative - positive, positive }
    }

    fn article(mentions: Vec<Mention>, pairs: &[(usize, usize, f32)]) -> Article {
        let relation = Relation([1.0, 0.0, 0.0, 0.0, 0.0]);
        let pair = |&(holder, target, balance)| Pair {
            holder,
            target,
            stance: polarity(balance),
            relation,
        };
        Article {
            document: Document {
                id: "a".into(),
                path: "a".into(),
                title: None,
                source: None,
                author_country: None,
                date: None,
                origin: crate::article::Origin::default(),
                text: "A".into(),
            },
            language: None,
            similarity: None,
            sentences: vec![Span::new(0, 1)],
            windows: 1,
            pairs: pairs.iter().map(pair).collect(),
            mentions,
        }
    }

    #[test]
    fn a_region_counts_for_each_member_with_its_share() {
        let sum = contribution(&article(
            vec![mention(&["KAZ", "UZB"], -0.5), mention(&["UZB"], 1.0)],
            &[],
        ));
        assert_eq!(sum.countries[&country("KAZ")].figure(), -0.5);
        // UZB: (-0.5 / 2 + 1.0) / 1.5
        assert!((sum.countries[&country("UZB")].figure() - 0.5).abs() < 1e-6);
        assert_eq!(sum.countries[&country("UZB")].signs.total(), 2);
    }

    #[test]
    fn a_member_of_a_region_takes_no_stance_toward_itself() {
        let mentions = vec![mention(&["KAZ", "UZB"], 0.0), mention(&["UZB"], 0.0)];
        let sum = contribution(&article(mentions, &[(0, 1, 0.75)]));
        assert_eq!(
            sum.dyads.keys().copied().collect::<Vec<_>>(),
            [(country("KAZ"), country("UZB"))]
        );
    }

    #[test]
    fn an_actor_without_a_country_moves_nobody() {
        let mentions = vec![mention(&[], -1.0), mention(&["PAK"], 0.0)];
        let sum = contribution(&article(mentions, &[(0, 1, -1.0)]));
        assert!(sum.dyads.is_empty());
        assert_eq!(sum.countries.len(), 1);
    }

    #[test]
    fn copies_of_a_story_count_once() {
        let mut sum = Sum::default();
        for (story, balance) in [(0, -1.0), (0, -1.0), (2, 0.5)] {
            let says = contribution(&article(vec![mention(&["IRN"], balance)], &[]));
            sum.add(story, &says.countries[&country("IRN")]);
        }
        let total = sum.total();
        assert_eq!((total.articles, total.stories, total.signs.negative), (3, 2, 2));
        assert_eq!(total.figure, Some(Estimate { mean: -0.25, interval: None }));
    }

    /// A story's number, and what its articles say.
    type Story = (i64, Vec<Tally>);

    fn tally() -> impl Strategy<Value = Tally> {
        (0..5u32, 0..5u32, 0.1..9.0, -1.0..1.0).prop_map(|(negative, vcf, weight, figure)| Tally {
            signs: Signs { negative, ..Signs::default() },
            quads: Quads { vcf, ..Quads::default() },
            weight,
            balance: weight * figure,
        })
    }

    fn story() -> impl Strategy<Value = Vec<Tally>> {
        prop::collection::vec(tally(), 1..5)
    }

    /// Stories, and the same in another order, each with its articles in another order.
    fn orders() -> impl Strategy<Value = (Vec<Story>, Vec<Story>)> {
        prop::collection::vec(story(), 0..12).prop_flat_map(|stories| {
            let stories: Vec<Story> = (0..).zip(stories).collect();
            let turned: Vec<_> = stories
                .iter()
                .map(|(number, says)| (Just(*number), Just(says.clone()).prop_shuffle()))
                .collect();
            (Just(stories), turned.prop_shuffle())
        })
    }

    fn total(stories: &[Story]) -> Total {
        let mut sum = Sum::default();
        for (number, says) in stories {
            says.iter().for_each(|tally| sum.add(*number, tally));
        }
        sum.total()
    }

    proptest! {
        #[test]
        fn the_order_of_articles_and_stories_makes_no_difference((stories, turned) in orders()) {
            prop_assert_eq!(total(&stories), total(&turned));
        }
    }
}
