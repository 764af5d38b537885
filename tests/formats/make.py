"""One article in every format, each made by a usual program; see README.md."""

import base64, datetime, email.message, gzip, io, json, pathlib, shutil, subprocess, sys, tarfile
import tempfile, time, zipfile

import pikepdf, pyarrow, pyarrow.parquet, websocket, zstandard
from PIL import Image, ImageDraw
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = pathlib.Path(__file__).parent
ARTICLES = HERE / "../../corpora/afghanistan/articles"
TITLE = "What Islamabad Was Promised"
SUBHEADING = "Not the same movement"
DAY = "2023-08-21"
URL = "https://institute.example/asia/what-islamabad-was-promised"
CLUTTER = ("Home >", "Photo by", "Share this", "Leave a Comment", "21 August", TITLE)


def paragraphs():
    text = (ARTICLES / "2023-08-21-taliban-assurances-islamabad.txt").read_text()
    kept = [p.strip() for p in text.split("\n\n") if not p.startswith(CLUTTER)]
    return ["T" + p if p.startswith("he folder") else p for p in kept]


def body(paragraphs):
    tag = lambda p: f"<h2>{p}</h2>" if p == SUBHEADING else f"<p>{p}</p>"
    return "\n".join(map(tag, paragraphs))


def page(inner, style=""):
    ld = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE,
          "datePublished": DAY + "T09:00:00Z", "author": {"@type": "Person", "name": "A. Writer"},
          "publisher": {"@type": "Organization", "name": "The Institute"}}
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} | The Institute</title>
<link rel="canonical" href="{URL}"><meta property="og:site_name" content="The Institute">
<script type="application/ld+json">{json.dumps(ld)}</script><style>{style}</style></head><body>
<nav><a href="/">Home</a> <a href="/asia">Asia</a></nav>
<main><article><h1>{TITLE}</h1>{inner}</article></main>
<aside><h3>Most read</h3><ul><li><a href="/a">Ten maps of the year</a></li></ul></aside>
<footer>© 2023 The Institute. Follow us</footer></body></html>"""


def document(inner):
    """A page without what surrounds an article, for the programs that convert it."""
    return (f'<!doctype html><html><head><meta charset="utf-8"><title>{TITLE}</title>'
            f'<meta name="author" content="A. Writer"><style>*{{font-family:"DejaVu Serif"}}</style></head><body><h1>{TITLE}</h1>{inner}</body></html>')


def office(folder, inner):
    html = folder / "article.html"
    html.write_text(document(inner))
    convert = lambda source, to: subprocess.run(
        ["soffice", "--headless", "--convert-to", to, "--outdir", folder, source],
        check=True, capture_output=True)
    convert(html, "odt:writer8")
    for source, to, by in (("odt", "docx", "MS Word 2007 XML"), ("odt", "rtf", "Rich Text Format"),
                           ("odt", "epub", "EPUB"), ("docx", "pdf", "writer_pdf_Export")):
        convert(folder / f"article.{source}", f"{to}:{by}")
        shutil.copy(folder / f"article.{to}", HERE)
    shutil.copy(folder / "article.odt", HERE)
    (HERE / "article.pdf").rename(HERE / "libreoffice.pdf")


def browser(folder, inner):
    alone = "@media print{nav,aside,footer{display:none}}"
    large = alone + "main{font-size:24px}"
    columns = alone + "main{column-count:2;hyphens:auto;font-size:13px}p{text-align:justify}h1{column-span:all}"
    for name, style, heads in (("chromium.pdf", large, []),
                               ("two-columns.pdf", columns, ["--no-pdf-header-footer"])):
        html = folder / "page.html"
        html.write_text(page(inner, style))
        subprocess.run(["chromium", "--headless", "--no-sandbox", *heads,
                        f"--print-to-pdf={HERE / name}", html.as_uri()], check=True, capture_output=True)
    html.write_text(page(inner))
    run = subprocess.Popen(["chromium", "--headless", "--no-sandbox", "--remote-debugging-port=9333",
                            "--remote-allow-origins=*", html.as_uri()], stderr=subprocess.DEVNULL)
    try:
        time.sleep(5)
        import urllib.request
        tabs = json.load(urllib.request.urlopen("http://127.0.0.1:9333/json"))
        tab = websocket.create_connection([t for t in tabs if t["type"] == "page"][0]["webSocketDebuggerUrl"])
        tab.send(json.dumps({"id": 1, "method": "Page.captureSnapshot", "params": {"format": "mhtml"}}))
        snapshot = json.loads(tab.recv())["result"]["data"]
    finally:
        run.terminate()
    (HERE / "page.mhtml").write_bytes(snapshot.replace(html.as_uri(), URL).encode())


def mail(paragraphs, inner):
    message = email.message.EmailMessage()
    message["From"] = "A. Writer <writer@institute.example>"
    message["To"] = "list@institute.example"
    message["Date"] = datetime.datetime(2023, 8, 21, 9, tzinfo=datetime.timezone.utc)
    message["Subject"] = TITLE
    message.set_content("\n\n".join([TITLE, *paragraphs]), cte="quoted-printable")
    message.add_alternative(document(inner), subtype="html", cte="base64")
    (HERE / "article.eml").write_bytes(message.as_bytes())


def records(paragraphs, inner):
    text = "\n\n".join([TITLE, *paragraphs])
    row = {"title": TITLE, "date": DAY, "source": "The Institute", "url": URL, "text": text}
    line = json.dumps(row)
    (HERE / "dump.jsonl").write_text(line + "\n")
    (HERE / "dump.json").write_text(json.dumps([row], indent=1))
    (HERE / "dump.jsonl.zst").write_bytes(zstandard.compress(line.encode()))
    import csv
    with open(HERE / "dump.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    with open(HERE / "dump.tsv", "w", newline="") as file:
        writer = csv.DictWriter(file, row, dialect="excel-tab")
        writer.writeheader()
        writer.writerow(row)
    parquet(row)
    crawl(text, page(inner).encode())


def parquet(row):
    day = datetime.date.fromisoformat(DAY)
    table = pyarrow.Table.from_pylist([{**row, "date": day, "id": 17, "tags": ["a", "b"]}])
    codecs = {"title": "none", "date": "gzip", "source": "snappy", "url": "gzip", "text": "zstd",
              "id": "lz4", "tags.list.element": "brotli"}
    write = pyarrow.parquet.write_table
    write(table, HERE / "dump.parquet", compression=codecs)
    time = pyarrow.array([datetime.datetime(2023, 8, 21, 9)], pyarrow.timestamp("ns"))
    table = table.set_column(table.schema.get_field_index("date"), "date", time)
    write(table, HERE / "pages-v2.parquet", compression="snappy", data_page_version="2.0")
    write(table.drop_columns(["text"]), HERE / "bad/no-text.parquet")
    write(table, HERE / "bad/lz4.parquet", compression="lz4")


def crawl(text, html):
    with open(HERE / "crawl.warc.gz", "wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "warcio"}))
        writer.write_record(writer.create_warc_record(
            URL, "request", payload=io.BytesIO(b""),
            http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True)))
        for url, status, kind, payload in (
                (URL, "200 OK", "text/html; charset=UTF-8", html),
                (URL + "/map.png", "200 OK", "image/png", b"\x89PNG"),
                (URL + "/gone", "404 Not Found", "text/html", b"<p>Gone.</p>")):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(
                url, "response", payload=io.BytesIO(payload), http_headers=headers))
    with open(HERE / "crawl.wet", "wb") as file:
        writer = WARCWriter(file, gzip=False)
        writer.write_record(writer.create_warcinfo_record("crawl.wet", {"software": "warcio"}))
        writer.write_record(writer.create_warc_record(
            URL, "conversion", payload=io.BytesIO(text.encode()), warc_content_type="text/plain"))


def archives(paragraphs):
    text = "\n\n".join([TITLE, *paragraphs]) + "\n"
    (HERE / "article.txt").write_text(text)
    with gzip.GzipFile(HERE / "article.txt.gz", "wb", mtime=0) as file:
        file.write(text.encode())
    with zipfile.ZipFile(HERE / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(HERE / "article.txt", "2023/08/21/article.txt")
    with tarfile.open(HERE / "all.tar.gz", "w:gz") as archive:
        archive.add(HERE / "article.txt", "2023/08/21/article.txt")


def bad():
    folder = HERE / "bad"
    folder.mkdir(exist_ok=True)
    with pikepdf.open(HERE / "libreoffice.pdf") as pdf:
        pdf.save(folder / "encrypted.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret"))
    whole = (HERE / "libreoffice.pdf").read_bytes()
    (folder / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    at = whole.rindex(b"startxref")
    (folder / "broken-xref.pdf").write_bytes(whole[:at] + b"startxref\n7\n%%EOF\n")
    scan = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(scan).text((20, 20), TITLE)
    scan.save(folder / "scan.pdf")


if __name__ == "__main__":
    text = paragraphs()
    inner = body(text)
    (HERE / "page.html").write_text(page(inner))
    with tempfile.TemporaryDirectory() as folder:
        office(pathlib.Path(folder), inner)
        browser(pathlib.Path(folder), inner)
    mail(text, inner)
    records(text, inner)
    archives(text)
    bad()
