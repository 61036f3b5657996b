"""Small acts of our own in the layouts of the publishers, for tests that need no official text."""

OFFICIAL_JOURNAL = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><script>alert(1)</script></head><body>
<div class="eli-container"><p class="oj-doc-ti">Demonstration Regulation</p>
<div class="eli-subdivision" id="rct_1"><p class="oj-normal">Whereas:</p></div>
<div class="eli-subdivision" id="rct_2"><table><tbody><tr><td><p class="oj-normal">(1)</p></td>
<td><p class="oj-normal">Why it was made.<a id="ntc1-x" href="#n">(<span class="oj-super oj-note-tag">1</span>)</a></p></td></tr></tbody></table></div>
<div class="eli-subdivision" id="rct_3"><table><tbody><tr><td><p class="oj-normal">(2)</p></td>
<td><p class="oj-normal">More of it.</p><p class="oj-normal">And more.</p></td></tr></tbody></table></div>
<div class="eli-subdivision" id="art_1"><p class="oj-ti-art">Article 1</p><div class="eli-title"><p class="oj-sti-art">Duties</p></div>
<div id="001.001"><p class="oj-normal">1.\u00a0\u00a0\u00a0Makers shall:</p>
<table><tbody><tr><td><p class="oj-normal">(a)</p></td><td><p class="oj-normal">keep records, such as:</p>
<table><tbody><tr><td><p class="oj-normal">(i)</p></td><td><p class="oj-normal">lists;</p></td></tr></tbody></table></td></tr></tbody></table>
<p class="oj-normal">They shall do so in writing.</p></div>
<div id="001.002"><p class="oj-normal">2.\u00a0\u00a0\u00a0Users may ask.</p></div></div>
<div class="eli-subdivision" id="art_2"><p class="oj-ti-art">Article 2</p><div class="eli-title"><p class="oj-sti-art">Definitions</p></div>
<p class="oj-normal">In this act:</p><table><tbody><tr><td><p class="oj-normal">(1)</p></td><td><p class="oj-normal">‘maker’ means who makes;</p>
<table><tbody><tr><td><p class="oj-normal">(a)</p></td><td><p class="oj-normal">alone</p></td></tr></tbody></table></td></tr></tbody></table></div>
<p class="oj-note"><a id="ntr1">(<span class="oj-super">1</span>)</a> A footnote.</p></div>
<div class="eli-container" id="anx_I"><p class="oj-doc-ti">ANNEX I</p><p class="oj-doc-ti">Records</p>
<p class="oj-ti-grseq-1">Section A. Lists</p><table><tbody><tr><td></td><td><p class="oj-normal">1.</p></td><td><span>Names</span></td></tr></tbody></table></div>
</body></html>"""

_B = '<p class="modref"><a href="http://x/celex/32025R0001" title="32025R0001">▼B</a></p>'
_M1 = '<p class="modref"><a href="http://x/celex/32026R0002" title="32026R0002: REPLACED">▼M1</a></p>'
CONSOLIDATED = f"""<html><body>{_B}
<div class="eli-subdivision" id="art_1"><p class="title-article-norm">Article 1</p><div class="eli-title"><p class="stitle-article-norm">Duties</p></div>
<div class="norm"><span class="no-parag">1. </span><div class="norm inline-element"><p class="norm inline-element">Makers shall:</p>
<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>(a) </span></div><div class="grid-list-column-2"><p class="norm">keep records;</p></div></div></div></div>
{_M1}<p class="norm">They may do so in any form.</p>
{_B}<div class="norm"><span class="no-parag">2. </span><div class="norm inline-element">—————</div></div></div>
{_M1}<div class="eli-subdivision"><p class="title-article-norm">Article 1a</p><div class="eli-title"><p class="stitle-article-norm">Help</p></div>
<p class="norm">Authorities shall help.</p></div>
<div class="eli-subdivision" id="art_2"><p class="title-article-norm">Article 2</p><div class="eli-title"><p class="stitle-article-norm">Definitions</p></div>
<p class="norm">In this act:</p><p class="norm">(1) ‘maker’ means who makes;</p><p class="norm">(1a) ‘user’ means who uses;</p></div>
<div class="eli-container" id="anx_I"><p class="title-annex-1">ANNEX I</p><p class="title-annex-2">Records</p>
<p class="norm">Section A. Lists</p><div class="norm"><span class="no-parag">1. </span><div class="norm inline-element">Names</div></div></div>
</body></html>"""

LAW = """<?xml version="1.0" encoding="UTF-8"?><Law Lang="ja"><LawNum>令和八年法律第一号</LawNum><LawBody><LawTitle>見本法</LawTitle>
<MainProvision><Article Num="1"><ArticleCaption>（目的）</ArticleCaption><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>見本を示す。</Sentence>
<Sentence>ただし、<Ruby>例<Rt>れい</Rt></Ruby>を除く。</Sentence></ParagraphSentence></Paragraph></Article>
<Article Num="1_2"><ArticleCaption>（届出）</ArticleCaption>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence>次の事項を届け出る。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence><Sentence>氏名</Sentence></ItemSentence>
<Subitem1 Num="1"><Subitem1Title>イ</Subitem1Title><Subitem1Sentence><Sentence>通称</Sentence></Subitem1Sentence></Subitem1></Item></Paragraph>
<Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence><Sentence>変更も同様とする。</Sentence></ParagraphSentence></Paragraph></Article></MainProvision>
<SupplProvision><Article Num="1"><Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence>公布の日から施行する。</Sentence></ParagraphSentence></Paragraph></Article></SupplProvision>
<SupplProvision AmendLawNum="令和九年法律第二号"><Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence>後の附則。</Sentence></ParagraphSentence></Paragraph></SupplProvision>
</LawBody></Law>"""

STATUTE = """---
title: 見本法
---

### 第一章　総則

**第一条（目的）**　見本を示す。

**第三十条の四（利用）**　次の場合に利用できる。

- 一　試験

  - イ　小さな試験

- 二　解析

**２**　前項の準備も同様とする。

## 附則

**第一条（施行期日）**　公布の日から施行する。
"""
