//! How texts are split: a table of awkward cases, and what holds for any text.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{MAX_BYTES, sentences};
use crate::article::Span;

fn split(text: &str) -> Vec<&str> {
    sentences(text).into_iter().map(|sentence| sentence.of(text)).collect()
}

/// Each line is a text; `|` marks where a sentence ends.
const CASES: &str = r#"Gen. Asim Munir warned the Taliban.| He left.
The U.S. withdrew in 2021.| Iran was relieved.
The U.N. Security Council met.| It adopted Resolution No. 2593 on Aug. 30.
He lives in the U.S.| The Taliban do not.
Dr. Nishank Motwani is a scholar.
The talks began at 9 a.m. on Monday.| They ended at 5 p.m.| No deal was made.
He said on Jan. 5 that J. D. Vance would come.
J. D. Vance spoke.| So did J.R.R. Tolkien.
Apple Inc. said so.| Gazprom Ltd. and Rosneft Co. disagreed.
It was Pakistan vs. India.
Groups, e.g. the TTP, i.e. the Pakistani Taliban, attacked.
“We will respond.”| Then he left.
“He left.”| Then, he said, they came.
He said: “We will respond. We will not wait.”| Then he left.
“We reject this,” he said.| “It is wrong.”
"He left."| Then he came back.
He paused ... and went on.
He paused...| Then he went on.
It rose 3.5 percent to $1.2 billion.| That was in 2021.
1. We condemn terrorism.| 2. We support peace.
(a) We condemn terrorism.| (b) We support peace.
The army (led by Gen. Munir) attacked.| It won.
What should be done?| We must act!| Now.
“What is this?” he asked.| Nobody knew.
Mr. President, Mrs. Merkel and Ms. Rice met Lt. Gen. Smith in St. Petersburg.
The Sept. 11 attacks, Sen. Graham (R-S.C.) said, changed everything.
See A/60/PV.2 and www.un.org for details.| Thank you.
The Taliban’s return was welcomed.| Iran’s wasn’t.
Washington, D.C. is far.| He lives in Washington, D.C.| She does not.
Ph.D. students protested.| The Ph.D. is long.
Maj. Gen. Ahmed Sharif Chaudhry spoke to Col. Khan, Capt. Ali and Brig. Iqbal.
Then-U.S. President George W. Bush invaded.| Obama left.
Al Qaeda et al. are back.| So is ISKP.
Reps. Smith and Jones voted.| Gov. Newsom did not.
The meeting was held in Kabul.|Afghanistan was represented.
The U.S.-backed government fell.| The U.S.’s failure was greeted.
Prof. Rabbani, Hon. Khan, Rev. King and Sheikh Hasina met.
It cost Rs. 500.| It cost approx. 3 million.
He is from the U.K.| They are from the E.U. and the U.A.E.
In fig. 3 on p. 15 of vol. 2, see sec. 4 para. 5.
Yes.| No.| Maybe.
S/RES/2593 (2021) was adopted by 13 votes to none.| China abstained.
Abdullah Jr. is here.| Abdullah Sr. left.
Is it over?| “Not yet,” said Mr. Karzai.| “But soon.”
He called it ‘a crime.’| They agreed.
The year was 1996.| In 1997 it fell.
Lt. Col. Imam etc. were there.| The rest left.
Hekmatyar said: 'I will not go.'| He stayed.
The President of the U.S. Donald Trump spoke.
It was Plan B.| The Taliban were ready for Article 5.| NATO was not.
(Reuters) - Afghanistan’s Taliban said on Monday.| Iran disagreed.
KABUL, Aug. 21 — The Taliban said so.
The answer seems to be: not very.\n\n|The Afghan Taliban’s assurances are no good\n\n|Former Prime Minister Imran Khan
It is as crucial.| “It must be done.”
That is. giving someone what he needs.
**Mr. President, we met.| Ms. Bonino told Reuters.
See (A/50/748, annex, p. 2).| This is why.
- talk\n|- trade\n\n|* transit"#;

#[test]
fn awkward_cases_are_split_where_a_reader_would() {
    let mut wrong = Vec::new();
    for case in CASES.lines() {
        let case = case.replace("\\n", "\n");
        let expected: Vec<&str> = case.split('|').map(str::trim).collect();
        let text = case.replace('|', "");
        if split(&text) != expected {
            wrong.push(format!("{:?} for {expected:?}", split(&text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_quotation_that_fills_a_page_is_split_inside() {
    let inside = "The Taliban took the town. (They had come at night.) Who knew it? ".repeat(12);
    let text = format!("“{inside}” So he wrote.");
    let found = split(&text);
    assert_eq!(found.len(), 37);
    assert_eq!(found[0], "“The Taliban took the town.");
    assert_eq!(found[1], "(They had come at night.)");
    assert_eq!(found.last(), Some(&"So he wrote."));
}

#[test]
fn a_sentence_too_long_is_cut_at_a_clause() {
    let clause = "which regrets, as ever, the attack on the border post; ";
    let text = clause.repeat(200);
    let found = split(&text);
    assert!(found.len() > 1);
    for piece in found {
        assert!(piece.len() <= MAX_BYTES);
        assert!(piece.ends_with(';'), "{piece}");
    }
}

#[test]
fn a_long_paragraph_is_split_as_its_parts_are() {
    let text = "Gen. Asim Munir left the U.S. on Jan. 5. He said “no”. ".repeat(2_000);
    assert_eq!(sentences(&text).len(), 4_000);
}

#[test]
fn ten_megabytes_on_a_line_take_linear_time() {
    // Ten times what the slowest takes here in a build without optimisation.
    let limit = Duration::from_secs(60);
    for unit in
        ["a ", "a", "“", "a.", "“a. ", "(", "\"", "1. ", "a@b.c ", "é", "\u{a0}", "He left. "]
    {
        let text = unit.repeat(1_000_000 / unit.len());
        let started = Instant::now();
        check(&text, &sentences(&text));
        assert!(started.elapsed() < limit, "{unit:?} took {:?}", started.elapsed());
    }
}

/// What holds for the sentences of any text.
fn check(text: &str, sentences: &[Span]) {
    let mut end = 0;
    for &sentence in sentences {
        assert!(sentence.start >= end && sentence.end > sentence.start, "{sentences:?}");
        assert_eq!(text[end..sentence.start].trim(), "", "left out before {sentence:?}");
        assert_eq!(sentence.of(text), sentence.of(text).trim());
        assert!(sentence.of(text).len() <= MAX_BYTES);
        end = sentence.end;
    }
    assert_eq!(text[end..].trim(), "", "left out at the end");
}

proptest! {
    #[test]
    fn sentences_are_in_order_trimmed_and_cover_the_text(
        text in r#"([a-zA-Z]{1,9}|[.!?…]{1,3}|[ \n\u{a0}\u{3000}]{1,3}|["“”'‘’()\[\]]|U\.S\.|[0-9]{1,3}|é|中文|，|。|\PC){0,300}"#
    ) {
        check(&text, &sentences(&text));
    }
}
