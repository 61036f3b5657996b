"""Handlers of the chat called as its page calls them, over HTTP."""


def handlers(browser, language="en"):
    """Every handler of the chat page as (number, what its inputs are called)."""
    config = browser.get(f"/{language}/config").json()
    names = {one["id"]: one["props"].get("elem_id") or one["type"] for one in config["components"]}
    return [(one["id"], [names[part] for part in one["inputs"]]) for one in config["dependencies"] if one["backend_fn"]]


def call(browser, number, data, key, language="en"):
    """Call a handler, and return everything that it told; the refusal where it was not taken."""
    joined = browser.post(
        f"/{language}/gradio_api/queue/join",
        json={"data": data, "fn_index": number, "session_hash": key, "event_data": None, "trigger_id": None},
    )
    if joined.status_code != 200:
        return joined
    return browser.get(f"/{language}/gradio_api/queue/data", params={"session_hash": key})


def call_at_once(browser, number, data, key, language="en"):
    """Call a handler that does not queue, and return what it told."""
    sent = {"data": data, "fn_index": number, "session_hash": key, "event_data": None, "trigger_id": None}
    return browser.post(f"/{language}/gradio_api/run/predict", json=sent)
