//! What is left out, what is kept, and that every byte leads back.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Cleaned, clean};

#[test]
fn a_pasted_page_loses_what_is_not_the_article() {
    let page = "Home > Internal Security > Making Sense of the Taliban’s Assurances\n\n\
        Making Sense of the Taliban’s Assurances\n\n\
        Two years on, Afghanistan’s neighbors are concerned.\n\n\
        he Taliban’s comeback has provided relief for terrorist groups.\n\n\
        Photo by Mohammad Noori/Anadolu Agency\n\n\
        Relations show friction, especially over TTP violence targeting Pakistan\n\n\
        The range of challenges may expand.\n\n\
        China and Iran tread cautiously\n\n\
        Dr. A. Writer is a scholar at the Institute.\u{a0}\n\n\
        Middle East Institute\n\nPost navigation\n\nLeave a Comment\n\nLeave a Reply\n";
    let cleaned = clean(page);
    assert_eq!(cleaned.title.as_deref(), Some("Making Sense of the Taliban’s Assurances"));
    let paragraphs: Vec<&str> = cleaned.text.split("\n\n").collect();
    let expected = [
        "Making Sense of the Taliban’s Assurances",
        "Two years on, Afghanistan’s neighbors are concerned.",
        "he Taliban’s comeback has provided relief for terrorist groups.",
        "Relations show friction, especially over TTP violence targeting Pakistan",
        "The range of challenges may expand.",
        "China and Iran tread cautiously",
        "Dr. A. Writer is a scholar at the Institute.",
        "Middle East Institute",
    ];
    assert_eq!(paragraphs, expected);
}

/// From speeches in the United Nations General Debate Corpus (CC0).
#[test]
fn lines_are_joined_over_page_breaks() {
    let speech = "\u{feff}Let me impart at the\noutset the sad news of the city of Mazar-i-\n\
        Sharif, the sixteenth consecutive bombardment in just two\n\
        days. I express outrage at this act, which typifies the Taliban’s\n\
        gross violation of law, backed by non-\naligned and other commit-\nments.\n\
        One year ago, our Foreign Minister, the late Abdul\n\
        Rahim Ghafoorzai, stood on this podium. He died in the\n19\n\n\n\
        service of his nation. So today it is my duty to stand before\n\
        the Assembly. \n \n \n29 08-51749 \n \n The callous attack on the Marriot hotel in \n\
        Islamabad was one of them, said our delegation in the year \n2008.\n";
    let paragraphs = clean(speech).text;
    let paragraphs: Vec<&str> = paragraphs.split("\n\n").collect();
    let expected = [
        "Let me impart at the outset the sad news of the city of Mazar-i-Sharif, the sixteenth \
         consecutive bombardment in just two days. I express outrage at this act, which typifies \
         the Taliban’s gross violation of law, backed by non-aligned and other commitments.",
        "One year ago, our Foreign Minister, the late Abdul Rahim Ghafoorzai, stood on this \
         podium. He died in the service of his nation. So today it is my duty to stand before the \
         Assembly.",
        "The callous attack on the Marriot hotel in Islamabad was one of them, said our \
         delegation in the year 2008.",
    ];
    assert_eq!(paragraphs, expected);
}

/// Lines that stand alone between two paragraphs.
fn is_left_out(line: &str) -> bool {
    let text = format!("The Taliban took the town.\n\n{line}\n\nIran was not glad of it.");
    !clean(&text).text.contains(line)
}

#[test]
fn clutter_is_left_out() {
    for line in [
        "Home » News » Asia » Kabul falls",
        "Home / World / Asia",
        "News > Asia > Afghanistan > Politics",
        "Photo by A. B. Noori / Getty Images",
        "(Photo by Wakil Kohsar/AFP via Getty Images)",
        "Image: Taliban fighters on patrol in Kabul / Getty",
        "Photo credit: Reuters",
        "Wakil Kohsar/AFP",
        "Share this:",
        "SHARE THIS ARTICLE",
        "12 Shares",
        "Tweet",
        "Facebook Twitter LinkedIn",
        "Advertisement",
        "Subscribe to our newsletter",
        "Sign up for our daily newsletter!",
        "Read more: Iran closes the border",
        "Related: Who are the TTP?".trim_end_matches('?'),
        "0 Comments",
        "We use cookies to improve your experience on our site.",
        "By continuing to browse you agree to our use of cookies.",
        "Your email address will not be published. Required fields are marked *",
        "© 2023 The Institute. All rights reserved.",
        "* * *",
        "Page 3 of 12",
        "A/70/PV.15 28/09/2015",
        "15-29425 31/34",
        "- 7 -",
        "(spoke in Russian)",
        "(spoke in Arabic; English text provided by the delegation)",
    ] {
        assert!(is_left_out(line), "{line}");
    }
}

#[test]
fn the_article_is_kept() {
    for line in [
        "Photos by the thousand show the destroyed base.",
        "Image is everything to the regime.",
        "Home to 40 million people, Afghanistan is poor.",
        "Share this view, and you will be alone.",
        "Related groups attacked the post.",
        "Related: the TTP attacked again.",
        "Read more books, the minister said.",
        "The talks > the war, he wrote.",
        "Next year will be worse.",
        "Subscribe to our newsletter, said the sign on the door of the embassy of Iran in Kabul.",
        "Cookies were sold at the border.",
        "Copyright law came to Kabul in 2008, and nobody cared for the rest of the decade or for the one after.",
        "China and Iran tread cautiously",
        "Taliban fighters stand guard in Kabul. AFP/Getty Images",
        "1996 was a black year.",
        "In all, 34.",
        "2,500",
        "No comment, said the Taliban.",
    ] {
        assert!(!is_left_out(line), "{line}");
    }
}

#[test]
fn a_word_of_a_button_within_a_paragraph_is_kept() {
    let text = "The Taliban said that the day after the\nnext\nwould bring peace to all of Kabul and\nto its neighbours, who did not\nbelieve it.";
    assert!(clean(text).text.contains("the next would"));
    let numbers = "It was adopted by votes of\n13\nto none, in the council of the united\nnations.";
    assert!(clean(numbers).text.contains("of 13 to none"));
}

#[test]
fn titles_are_found_and_first_sentences_are_none() {
    for (text, expected) in [
        (
            "Kabul falls to the Taliban\n\nThe Taliban took Kabul.",
            Some("Kabul falls to the Taliban"),
        ),
        ("Kabul falls | The Institute\n\nKabul falls\n\nThe Taliban came.", Some("Kabul falls")),
        ("Skip to content\nMenu\nKabul falls\n\nThe Taliban came.", Some("Kabul falls")),
        ("The Taliban took Kabul.\n\nIran was glad.", None),
        ("Mr. President\n\nI speak for Iran.", None),
        ("**Mr. President,**\n\nI speak for Iran.", None),
        ("Since the last time we \ngathered here, a year passed.", None),
        ("The Taliban took\n\nkabul by night.", None),
        ("", None),
    ] {
        assert_eq!(clean(text).title.as_deref(), expected, "{text}");
    }
}

#[test]
fn white_space_is_one_space_and_what_does_not_show_is_gone() {
    for (raw, expected) in [
        ("a\u{a0}b\tc  d \u{3000}e", "a b c d e"),
        ("a\0b\u{1b}[31mc\u{85}d", "a b [31mc\n\nd"),
        (
            "zero\u{200b}width, soft\u{ad}hyphen, \u{202e}turned\u{202c}",
            "zerowidth, softhyphen, turned",
        ),
        ("\u{feff}mark", "mark"),
        ("con\u{fb01}rmed e\u{fb00}ort", "confirmed effort"),
        ("One\r\n\r\nTwo\rThree", "One\n\nTwo\n\nThree"),
        ("**bold** and ***both***, d**n", "bold and both, d**n"),
        ("\n \n\t\n", ""),
    ] {
        assert_eq!(clean(raw).text, expected, "{raw:?}");
    }
}

#[test]
fn lists_and_headings_stay_apart() {
    let text = "We ask for the following:\n- peace;\n- trade;\n• transit\n\nThank you\nAll of you";
    let expected =
        "We ask for the following:\n\n- peace;\n\n- trade;\n\n• transit\n\nThank you\n\nAll of you";
    assert_eq!(clean(text).text, expected);
}

#[test]
fn ten_megabytes_take_linear_time() {
    for unit in [
        "word ",
        "a  ",
        "a",
        "*",
        "a-\n",
        "tion-\n",
        "\u{a0}",
        "\n",
        "a\n",
        "1\n",
        "\u{200b}",
        "é \u{ad}",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let started = Instant::now();
        let cleaned = clean(&text);
        assert!(cleaned.text.len() <= 2 * text.len());
        // Ten times what the slowest takes here in a build without optimisation.
        assert!(started.elapsed() < Duration::from_secs(20), "{unit:?} {:?}", started.elapsed());
    }
}

/// What holds for any cleaned text.
fn check(raw: &str, cleaned: &Cleaned) {
    let mut last = 0;
    for (at, c) in cleaned.text.char_indices() {
        let back = cleaned.raw_offset(at);
        assert!(back >= last && raw.is_char_boundary(back), "{at} leads to {back}");
        if !c.is_whitespace() && !c.is_ascii() {
            assert!(raw[back..].starts_with(c), "{c:?} at {at} leads to {:?}", &raw[back..]);
        }
        last = back;
    }
    assert!((last..=raw.len()).contains(&cleaned.raw_offset(cleaned.text.len())));
    assert!(!cleaned.text.contains("\n\n\n") && !cleaned.text.contains("  "));
    assert_eq!(cleaned.text, cleaned.text.trim());
}

proptest! {
    #[test]
    fn every_offset_leads_back_in_order(
        raw in r"([a-zA-Z]{1,9}|[ \n\r\t\f]{1,3}|\u{a0}|\u{ad}|\u{200b}|-\n|\*\*|\u{fb01}|é|中|[0-9]{1,2}|[.:,]|Share|\PC|\PC\n){0,200}"
    ) {
        check(&raw, &clean(&raw));
    }

    #[test]
    fn a_clean_text_stays_as_it_is(words in "([A-Z][a-z]{2,9} ([a-z]{2,9} ){3,9}[a-z]{2,9}\\.){1,5}") {
        let text = words.replace('.', ".\n\n");
        prop_assert_eq!(&clean(text.trim()).text, text.trim());
    }
}
