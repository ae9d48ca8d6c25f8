"""Pages of clinics that never were, as their readers would save them."""

from __future__ import annotations

REFERENCE = (
    "Deyo RA. Back pain in general. J Foo Bar. 2001;344(5):363-370. doi:10.1000/foo.123"
)

TEXT_PAGE = f"""Why Ankles Roll, and What to Do

By: Jane Doe, PT, DPT, XYZQ

Ankles roll when the foot lands on its outer edge. Most of these sprains heal within
weeks, and what one does in the first days decides how well.

When to see a doctor

- You cannot take four steps
- The bone hurts when it is touched

Start with small circles on the second day; pain that grows is the signal to stop here.

References
1. {REFERENCE}

Posted in: Ankles, Uncategorized
Tags: sprains

Request an Appointment
First name
This field is for validation purposes and should be left unchanged.

Our 3 Locations
Brick
Lake Como
Brick
"""

BLOG_PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Stretches for Desk Workers | Shoreline Therapy</title>
<meta property="og:site_name" content="Shoreline Therapy">
<meta name="description" content="Short stretches for people who sit.">
<link rel="canonical" href="https://shoreline.example/blog/desk-stretches/">
<script>document.write("<p>from a script</p>")</script></head>
<body class="single has-sidebar">
<header class="site-header"><nav><a href="/">Home</a></nav>
  <img src="l.png" alt="Shoreline Therapy logo"></header>
<div class="content-sidebar-wrap"><main><article class="post">
<header class="entry-header"><h1>Stretches for Desk Workers</h1>
<p class="meta">May 5, 2021 by <a href="/jane">Jane Doe, PT, DPT</a></p></header>
<div class="entry-content">
<p>Sitting for <strong>eight hours</strong> is hard on the back.<sup>1</sup>
Read <a href="/blog/walking/">our guide</a> or
<a href="javascript:alert(1)">press here</a>. Stand up every half an hour, stretch what
feels short, and walk to the kettle instead of keeping it on the desk all day long.</p>
<h3>How often?</h3><p>Every hour &amp; a half.<br>At least.</p>
<ul><li>Neck</li><li>Hips<ul><li>Left hip</li></ul></li></ul>
<h5>Which one first?</h5><ol><li>One</li><li>Two</li></ol>
<blockquote><p>Movement is medicine.</p></blockquote>
<table><tr><th>Part</th><th>Time</th></tr><tr><td>Neck</td></tr></table>
<img src="a.jpg" alt="A woman stretching">
<iframe src="https://video.example/embed/1"></iframe>
<div class="share-buttons"><a href="#">Tweet this</a></div>
<p style="display:none">hidden words</p>
<h3>References</h3><ol><li>{REFERENCE}</li></ol>
</div>
<footer class="entry-footer">Filed Under:
<a rel="category tag" href="/c/backs">Backs</a> Tagged: <a rel="tag" href="/t">desk</a>
</footer></article>
<section><h3>Leave a Reply</h3><form><label>Your name</label><input name="n"></form>
</section></main>
<aside><h2>Recent Posts</h2><p>Another article by somebody else entirely.</p></aside>
</div>
<footer><h3>Our Locations</h3><ul><li><a href="/locations/brick/">Brick</a></li>
<li><a href="/locations/lake-como/">Directions</a></li></ul>
<img alt="Best of Ocean County 2020 Finalist"><img alt="logo2"><p>© 2021 Shoreline</p>
</footer></body></html>
"""
