"""The sources panel: for each cited provision what it is, whether it applies, and where to read it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.answer.wording import force_name, long_date
from assistant.types import Answer, Citation, Force
from assistant.web.citing import MARKER
from assistant.web.i18n import Texts


def linked(answer: str, turn: int) -> str:
    """Return the answer with each citation number linked to its place in the sources panel."""
    return MARKER.sub(lambda match: f"[\\[{match[1]}\\]](#{anchor(turn, int(match[1]))})", answer)


def anchor(turn: int, number: int) -> str:
    """Return the id of a citation in the page."""
    return f"src-{turn}-{number}"


def library_address(citation: Citation, answer: Answer, t: Texts) -> str:
    """Return where a provision can be read in the library, as it was on the day that the answer is about."""
    return f"/{t.language.value}/provision/{quote(citation.provision, safe='')}?day={answer.as_of.isoformat()}"


def panel(answers: Sequence[Answer | None], t: Texts) -> str:
    """Return the panel as Markdown with a little HTML, the newest answer first; a question may have none yet."""
    if not any(answer.citations for answer in answers if answer):
        return t("sources_empty")
    parts = []
    for turn, answer in reversed(list(enumerate(answers, start=1))):
        if answer is not None and answer.citations:
            parts.append(f"### {t('answer_number', n=turn)}")
            parts += [_entry(citation, turn, answer, t) for citation in answer.citations]
    return "\n\n".join(parts)


def _entry(citation: Citation, turn: int, answer: Answer, t: Texts) -> str:
    if citation.force is Force.OWN:
        return _own_entry(citation, turn, t)
    notes = "".join(f"<p class='note'>{escape(note)}</p>" for note in citation.notes)
    return (
        f"<section class='source' id='{anchor(turn, citation.n)}'>"
        f"<h4><span class='number'>{citation.n}</span> {escape(citation.label)}</h4>"
        f"<p class='heading'>{escape(citation.heading)}</p>"
        f"<p class='badges'>{_badges(citation, answer, t)}</p>"
        f"{_wordings(citation, t)}{notes}"
        f"<p class='origin'>{t('checked', date=long_date(citation.checked_on, t.language))} · "
        f"<a href='{library_address(citation, answer, t)}'>{t('read_in_library')}</a> · "
        f"<a href='{escape(citation.url)}' target='_blank' rel='noopener noreferrer'>{t('official_link')}</a></p>"
        "</section>"
    )


def _own_entry(citation: Citation, turn: int, t: Texts) -> str:
    """Return a passage of a user's document: marked as theirs, with a picture of its page where it has pages."""
    page = f" · {t('page', page=str(citation.page))}" if citation.page else ""
    place = citation.provision.rpartition(":")[2]
    picture = f"<img class='page' alt='' loading='lazy' src='{citation.url}/{place}.png'>" if citation.page else ""
    return (
        f"<section class='source own' id='{anchor(turn, citation.n)}'>"
        f"<h4><span class='number'>{citation.n}</span> {escape(citation.label)}</h4>"
        f"<p class='badges'><span class='badge'>{force_name(citation.force.value, t.language)}</span></p>"
        f"<p class='label'>{t('own_quote')}: {escape(citation.heading)}{page}</p>"
        f"{_quoted(citation.quote, citation.quote_language)}{picture}</section>"
    )


def _wordings(citation: Citation, t: Texts) -> str:
    """Return the official wording with its translation where the text is installed, and our summary."""
    parts = []
    if citation.official:
        badge = f" <span class='badge verified'>✓ {t('verified')}</span>" if citation.verified else ""
        page = f" · {t('page', page=str(citation.page))}" if citation.page else ""
        parts.append(
            f"<p class='label'>{t('official_wording')}{page}{badge}</p>{_quoted(citation.quote, citation.quote_language)}"
        )
    if citation.translation:
        parts.append(f"<p class='label'>{t('translation')}</p>{_quoted(citation.translation, t.language.value)}")
    if citation.summarised:
        parts.append(f"<p class='label'>{t('unofficial')}</p><p class='quote'>{escape(citation.summary)}</p>")
    return "".join(parts)


def _quoted(text: str, language: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    return f"<blockquote class='official' lang='{escape(language)}'>{lines}</blockquote>"


def _badges(citation: Citation, answer: Answer, t: Texts) -> str:
    start = citation.applies_from
    if citation.in_force:
        state, kind = t("in_force"), "now"
        if start:
            state += f" ({t('since', date=long_date(start, t.language))})"
    elif start and start > answer.as_of:
        state, kind = t("not_in_force", date=long_date(start, t.language)), "later"
    else:
        state, kind = t("no_longer"), "ended"
    badges = [(kind, state)] if citation.summarised else []
    badges += [("force", force_name(citation.force.value, t.language))]
    if citation.version:
        badges.append(("version", t("version", version=citation.version)))
    return " ".join(f"<span class='badge {name}'>{escape(text)}</span>" for name, text in badges)
