"""Web pages around an article, built as kinds of sites build theirs; all of the markup is our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass
class Article:
    """A headline, and what follows: paragraphs, of which some are headings."""

    title: str
    paragraphs: list[str]

    def is_heading(self, paragraph: str) -> bool:
        """Whether a paragraph is a heading."""
        return len(paragraph.split()) < 9 and paragraph[-1] not in ".!?”\""

    def teaser(self) -> str:
        """The start of it, as other pages show it."""
        return " ".join(self.paragraphs[0].split()[:25]) + " …"


Skeleton = Callable[[Article, list[Article]], str]


def p(article: Article, tag: str = "p", attributes: str = "", heading: str = "h2") -> list[str]:
    """The paragraphs as elements."""
    return [
        f"<{heading}>{escape(text)}</{heading}>" if article.is_heading(text)
        else f"<{tag}{attributes}>{escape(text)}</{tag}>"
        for text in article.paragraphs
    ]


def within(parts: list[str], pieces: dict[float, str]) -> str:
    """The parts with pieces put in after the given shares of them."""
    for share, piece in sorted(pieces.items(), reverse=True):
        parts.insert(max(1, int(len(parts) * share)), piece)
    return "\n".join(parts)


def ld(article: Article) -> str:
    """What a page says of itself in JSON-LD."""
    said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title,
            "datePublished": "2023-08-21T09:00:00Z", "publisher": {"@type": "Organization", "name": "The Gazette"}}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def page(article: Article, body: str, head: str = "", html: str = 'lang="en"') -> str:
    """A page with this body."""
    title = escape(article.title)
    return (f'<!doctype html><html {html}><head><meta charset="utf-8"><title>{title} - The Gazette</title>'
            f'<meta property="og:title" content="{title}">{head}<style>.a{{color:red}}</style></head>'
            f"<body>{body}<script>window.dataLayer=[];track('view')</script></body></html>")


def links(articles: list[Article], tag: str = "li", inner: str = "") -> str:
    """Links to other articles."""
    return "".join(f'<{tag}{inner}><a href="/{n}">{escape(a.title)}</a></{tag}>' for n, a in enumerate(articles))


def teasers(articles: list[Article], kind: str = "div", name: str = "card") -> str:
    """Links with the starts of articles."""
    return "".join(
        f'<{kind} class="{name}"><h3><a href="/{n}">{escape(a.title)}</a></h3><p>{escape(a.teaser())}</p></{kind}>'
        for n, a in enumerate(articles))


NAV = ('<nav class="main-nav"><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li><li>'
       '<a href="/asia">Asia</a></li><li><a href="/opinion">Opinion</a></li><li><a href="/sport">Sport</a></li>'
       '</ul></nav>')
FOOTER = ('<footer class="site-footer"><ul><li><a href="/about">About us</a></li><li><a href="/terms">Terms of use'
          '</a></li><li><a href="/privacy">Privacy</a></li></ul><p>© 2023 The Gazette. All rights reserved. No part '
          'of this site may be reproduced without our written permission.</p></footer>')
COOKIES = ('<div id="cookie-banner" class="cookie-consent" role="dialog"><h2>We value your privacy</h2><p>We and our '
           'partners store and access information on your device, such as cookies, and process personal data to show '
           'you personalised advertisements and to measure how they perform. You can accept or manage your choices at '
           'any time.</p><button>Accept all</button><button>Reject</button></div>')
NEWSLETTER = ('<div class="newsletter-signup"><h3>The Morning Brief</h3><p>Get the stories that matter in your inbox '
              'every weekday. Sign up for our newsletter.</p><form><input type="email"><button>Sign up</button></form></div>')
SHARE = ('<ul class="share-tools"><li><a href="#f">Share on Facebook</a></li><li><a href="#t">Tweet</a></li><li>'
         '<a href="#w">WhatsApp</a></li><li><a href="#e">Email</a></li></ul>')
CAPTION = ('<figure class="image"><img src="/a.jpg" alt="Lorries at a crossing"><figcaption>Lorries wait at the border '
           'crossing in this file photograph. <span class="credit">Photo: A. Photographer / Agency</span></figcaption></figure>')
COMMENTS = [
    "This is the best piece I have read on the matter in a long time, thank you for publishing it.",
    "The author forgets that the neighbours never kept a single promise they made, and they will not keep this one.",
    "I lived there for eleven years and can tell you that nothing of this is new. Ask anyone in the bazaar.",
    "Who pays for all this? Our taxes, of course, and nobody asks us what we think about it.",
]


def comments(times: int = 1) -> str:
    """Readers' opinions."""
    each = "".join(f'<li class="comment"><div class="comment-author">Reader {n}</div><div class="comment-body"><p>{text}'
                   f'</p></div><a class="reply" href="#">Reply</a></li>' for n, text in enumerate(COMMENTS * times))
    return f'<section id="comments" class="comments-area"><h3>{4 * times} comments</h3><ol>{each}</ol></section>'


def newspaper(a: Article, others: list[Article]) -> str:
    more = f'<aside class="related-inline"><h4>Read more</h4><ul>{links(others[:3])}</ul></aside>'
    inner = within(p(a), {0.2: CAPTION, 0.4: more, 0.7: NEWSLETTER})
    body = (f'{COOKIES}<header>{NAV}</header><div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/asia">Asia</a></div>'
            f'<main><article><h1>{escape(a.title)}</h1><p class="byline">By A. Writer in Kabul</p><time datetime="2023-08-21">'
            f'21 August 2023</time>{SHARE}<div class="article-body">{inner}</div><div class="author-bio"><p>A. Writer has '
            f'covered the region for The Gazette since 2009.</p></div></article></main><section class="most-read"><h2>Most '
            f'read</h2><ol>{links(others[3:8])}</ol></section>{comments()}{FOOTER}')
    return page(a, body, ld(a))


def broadcaster(a: Article, others: list[Article]) -> str:
    blocks = [f'<div data-component="text-block" class="ssrcss-11r1m41">{part}</div>' for part in p(a)]
    image = ('<div data-component="image-block" class="ssrcss-ab5fd8"><figure><img src="a.jpg"><figcaption>Image caption, '
             'Officials met in the capital on Monday</figcaption></figure></div>')
    more = f'<div data-component="links-block"><h2>More on this story</h2><ul>{links(others[:4])}</ul></div>'
    inner = within(blocks, {0.3: image})
    body = (f'{NAV}<main id="main-content"><article><header><h1>{escape(a.title)}</h1></header>{inner}{more}</article><div '
            f'class="secondary-column"><section><h2>Top stories</h2>{teasers(others[4:9])}</section><section><h2>Features</h2>'
            f'{teasers(others[1:4])}</section></div></main>{FOOTER}')
    return page(a, body)


def wordpress(a: Article, others: list[Article]) -> str:
    sharing = ('<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li>Click to share on '
               'Twitter</li><li>Click to print</li></ul></div><div id="jp-relatedposts"><h3>Related</h3>'
               f'{teasers(others[:3])}</div>')
    side = (f'<aside id="secondary" class="widget-area"><section class="widget"><h2>Recent posts</h2><ul>{links(others[3:8])}</ul>'
            '</section><section class="widget"><h2>Archives</h2><ul><li><a href="/2023/08">August 2023</a></li><li><a '
            'href="/2023/07">July 2023</a></li></ul></section><section class="widget"><h2>About</h2><p>A blog on the politics '
            'of Central and South Asia, kept by people who have lived there.</p></section></aside>')
    body = (f'<div id="page" class="site"><header class="site-header"><p class="site-title">The Gazette</p>{NAV}</header><div '
            f'id="content"><main id="main"><article id="post-17" class="post type-post hentry"><header class="entry-header"><h1 '
            f'class="entry-title">{escape(a.title)}</h1><div class="entry-meta">Posted on <time datetime="2023-08-21">August 21, '
            f'2023</time> by <a href="/author/a">admin</a></div></header><div class="entry-content">{within(p(a), {})}{sharing}'
            f'</div><footer class="entry-footer">Posted in <a href="/c">Analysis</a> Tagged <a href="/t">border</a>, <a href="/u">'
            f'trade</a></footer></article><nav class="navigation post-navigation"><h2>Post navigation</h2>{links(others[:2], "div")}'
            f'</nav>{comments()}<div id="respond"><h3>Leave a Reply</h3><p>Your email address will not be published. Required '
            f'fields are marked *</p></div></main>{side}</div>{FOOTER}</div>')
    return page(a, body)


def amp(a: Article, others: list[Article]) -> str:
    ad = '<div class="ad"><p>Advertisement</p><amp-ad width="300" height="250" type="x"></amp-ad></div>'
    image = '<amp-img src="a.jpg" width="4" height="3"></amp-img><p class="amp-caption">A view of the river in spring. Agency photo</p>'
    body = (f'<amp-sidebar id="s" layout="nodisplay"><ul>{links(others[:5])}</ul></amp-sidebar><amp-consent id="c"><div id="ui">'
            f'<p>We use cookies to improve your experience on this site.</p><button>OK</button></div></amp-consent><header><a '
            f'href="/">The Gazette</a></header><article><h1>{escape(a.title)}</h1><p class="meta">A. Writer, 21 August 2023</p>'
            f'{within(p(a), {0.1: image, 0.4: ad, 0.8: ad})}</article><div class="amp-related"><h3>You may also like</h3>'
            f'{teasers(others[5:9])}</div>{FOOTER}')
    return page(a, body, ld(a), "⚡ amp")


def live_blog(a: Article, others: list[Article]) -> str:
    posts = "".join(
        f'<section class="live-post" id="post-{n}"><time datetime="2023-08-21T{9 + n % 12:02}:05Z">{9 + n % 12:02}:05 GMT</time>'
        f'{part}<div class="post-share"><a href="#{n}">Copy link</a> <a href="#f{n}">Share</a></div></section>'
        for n, part in enumerate(p(a)))
    key = f'<div class="key-events"><h2>Key events</h2><ul>{links(others[:3])}</ul></div>'
    body = (f'{NAV}<main><h1>{escape(a.title)}</h1><div class="live-badge">LIVE</div>{key}<div class="live-blog-posts">{posts}</div>'
            f'</main><aside class="rail">{teasers(others[3:7])}</aside>{FOOTER}')
    return page(a, body)


def paywall(a: Article, others: list[Article]) -> str:
    offer = ('<div class="paywall-overlay"><h2>Subscribe to continue reading</h2><p>You have read your last free article this '
             'month. Subscribers read everything The Gazette publishes, on every device, and support independent reporting.</p>'
             '<ul class="plans"><li>Digital: 1.99 a week</li><li>Digital and print: 3.49 a week</li></ul><p>Already a subscriber? '
             '<a href="/login">Log in</a></p></div>')
    body = (f'{NAV}<div class="wrap"><div class="story"><h1>{escape(a.title)}</h1><div class="standfirst-meta">Aug 21 2023</div>'
            f'<div class="story-body n-content-body">{within(p(a), {0.5: CAPTION})}</div>{offer}<div class="topics"><h2>Follow '
            f'the topics in this article</h2><ul><li><a href="/t">Trade</a> Add to myGazette</li><li><a href="/s">South Asia</a> '
            f'Add to myGazette</li></ul></div></div></div>{FOOTER}')
    return page(a, body, ld(a))


def press_release(a: Article, others: list[Article]) -> str:
    body = (f'<a class="skip" href="#m">Skip to main content</a><div class="banner"><p>An official website of the government. '
            f'Here is how you know.</p></div><header><img alt="Coat of arms">Ministry of Foreign Affairs</header>{NAV}<div '
            f'class="region-content"><div class="field-label">For immediate release</div><h1>{escape(a.title)}</h1><div '
            f'class="field field--name-body">{within(p(a), {})}<p>###</p></div><div class="media-contact"><h3>Media contact</h3>'
            f'<p>Press office, telephone +00 000 0000, press@ministry.example</p></div></div><div class="region-sidebar"><h2>'
            f'Press releases</h2><ul>{links(others[:8])}</ul></div><footer><p>Ministry of Foreign Affairs, Government Square 1. '
            f'Accessibility. Freedom of information. Site map.</p></footer>')
    return page(a, body)


def think_tank(a: Article, others: list[Article]) -> str:
    notes = [part.replace("</p>", f'<sup><a href="#n{n}">{n}</a></sup></p>') for n, part in enumerate(p(a), 1)]
    list_of_notes = "".join(f"<li>Interview with an official, {year}, p. {n}. <a href='#r'>↩</a></li>"
                            for n, year in enumerate(range(2010, 2018), 11))
    body = (f'{NAV}<div class="toc"><h2>Contents</h2><ol><li><a href="#1">Introduction</a></li><li><a href="#2">Background</a></li>'
            f'<li><a href="#3">What to do</a></li></ol></div><div class="layout"><main class="post-content"><span class="type">'
            f'Commentary</span><h1>{escape(a.title)}</h1>{within(notes, {0.3: CAPTION})}<section class="footnotes"><h2>Notes</h2><ol>'
            f'{list_of_notes}</ol></section></main><aside><h3>Related experts</h3><p>A. Fellow, senior fellow for South Asia</p><h3>'
            f'Related publications</h3>{teasers(others[:4])}</aside></div><div class="donate"><p>Our work depends on people like '
            f'you. Make a gift today.</p></div>{FOOTER}')
    return page(a, body)


def application(a: Article, others: list[Article]) -> str:
    ad = '<div class="css-1xb2"><div class="css-9k2"><span>ADVERTISEMENT</span></div></div>'
    parts = [f'<div class="css-53u6y8"><div class="css-z9"> {part} </div></div>' for part in p(a)]
    inner = "".join(part + (ad if n % 3 == 1 else "") for n, part in enumerate(parts))
    cards = "".join(f'<div class="css-card"><a href="/{n}"><div class="css-t">{escape(o.title)}</div><div class="css-d">'
                    f'{escape(o.teaser())}</div></a></div>' for n, o in enumerate(others[:8]))
    body = (f'<div id="root"><div class="css-0"><div class="css-nav">{NAV}</div><div class="css-main"><div class="css-art"><h1 '
            f'class="css-h">{escape(a.title)}</h1><div class="css-by">A. Writer</div>{inner}</div><div class="css-rail">{cards}</div>'
            f'</div></div></div>')
    return page(a, body, ld(a))


def tables(a: Article, others: list[Article]) -> str:
    text = "<br><br>".join(escape(part) for part in a.paragraphs)
    return (f'<html><head><title>{escape(a.title)}</title></head><body bgcolor="#ffffff"><table width="100%"><tr><td width="150" '
            f'valign="top"><font size="2"><a href="/">Front page</a><br><a href="/w">World</a><br>{links(others[:6], "font")}</font>'
            f'</td><td valign="top"><font face="Times"><b><font size="5">{escape(a.title)}</font></b><br><br>{text}</font></td><td '
            f'width="160"><font size="1">Weather: 24 C, clear<br>Exchange rates<br>Send this page to a friend</font></td></tr></table>'
            f'<center><font size="1">Copyright 2001 The Gazette</font></center></body></html>')


def consent_wall(a: Article, others: list[Article]) -> str:
    purposes = "".join(
        f"<div class='qc-purpose'><h4>Purpose {n}</h4><p>Vendors can use your choices to build a profile of you and of people like "
        f"you, to select the advertisements that you see on this and other sites, and to measure whether you looked at them, for as "
        f"long as the law of your country lets them do so.</p></div>" for n in range(1, 11))
    body = (f'<div id="qc-cmp2-container"><h2>We care about your privacy</h2><p>We and our 812 partners need your consent.</p>{purposes}'
            f'<button>AGREE</button></div>{NAV}<article><h1>{escape(a.title)}</h1>{within(p(a), {0.6: NEWSLETTER})}</article>'
            f'<div class="outbrain"><h3>Around the web</h3>{teasers(others[:5])}</div>{FOOTER}')
    return page(a, body)


def wire(a: Article, others: list[Article]) -> str:
    text = "<br /><br />\n".join(escape(part) for part in a.paragraphs)
    body = (f'<div id="top">{NAV}</div><div id="left"><h2>{escape(a.title)}</h2><div class="date">Mon, Aug 21, 2023</div><div '
            f'id="newstext">{text}</div><div class="tags">Tags: border | trade | refugees</div></div><div id="right"><h3>Most viewed'
            f'</h3><ul>{links(others[:10])}</ul></div>{FOOTER}')
    return page(a, body)


def many_comments(a: Article, others: list[Article]) -> str:
    body = (f'{NAV}<div class="content"><div class="headline"><h1>{escape(a.title)}</h1></div><div class="text">{within(p(a), {})}'
            f'</div>{SHARE}</div>{comments(12)}{FOOTER}')
    return page(a, body)


def magazine(a: Article, others: list[Article]) -> str:
    parts = p(a)
    first = parts[0].replace("<p>", "<p><span class='dropcap'>", 1)
    parts[0] = first[:26] + first[26:27] + "</span>" + first[27:]
    quote = f'<aside class="pullquote"><p>“{escape(a.paragraphs[1].split(". ")[0])}”</p></aside>'
    gallery = "".join(f'<figure><img src="{n}.jpg"><figcaption>{n} of 4: Life in a border town. A. Photographer for The Gazette'
                      f'</figcaption></figure>' for n in range(1, 5))
    inner = within(parts, {0.3: quote, 0.6: f'<div class="gallery">{gallery}</div>'})
    body = (f'{NAV}<article class="longform"><header><div class="kicker">Letter from Kabul</div><h1>{escape(a.title)}</h1><div '
            f'class="audio-player">Listen to this article: 11 minutes</div></header><div class="body__inner-container">{inner}</div><p '
            f'class="magazine-note">This article appears in the print edition of August 2023.</p></article><div class="recirc"><h2>'
            f'More from The Gazette</h2>{teasers(others[:6])}</div>{FOOTER}')
    return page(a, body)


def endless(a: Article, others: list[Article]) -> str:
    after = others[0]
    second = (f'<div class="next-article"><span>Next article</span><article><h1>{escape(after.title)}</h1>'
              f'{within(p(after)[:4], {})}<a href="/n">Continue reading</a></article></div>')
    body = (f'{NAV}<main><article data-id="1"><h1>{escape(a.title)}</h1><div class="content__article-body">{within(p(a), {0.5: SHARE})}'
            f'</div></article>{second}</main>{FOOTER}')
    return page(a, body, ld(a))


SKELETONS: list[Skeleton] = [
    newspaper, broadcaster, wordpress, amp, live_blog, paywall, press_release, think_tank, application, tables,
    consent_wall, wire, many_comments, magazine, endless,
]
