// What the chat page does in the browser beside what Gradio does: its address, the clipboard, the connection, the language.
const chatPage = {
  // The address names the conversation, so that a reload, the back button, another tab and the other language show it.
  address(conversation, system) {
    const here = new URL(window.location.href);
    here.search = "";
    if (conversation) here.searchParams.set("conversation", conversation);
    else if (system) here.searchParams.set("system", system);
    if (here.search !== window.location.search) history.replaceState(history.state, "", here);
  },
  async copy(text) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = chatPage.copyOldWay(text);
    }
    chatPage.tell(done ? "copied" : "copied_not");
  },
  // Without HTTPS, on another machine, browsers offer no other way.
  copyOldWay(text) {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  },
  tell(key) {
    const line = document.querySelector("#told [role=status]");
    if (line) line.textContent = key ? document.getElementById("chat-words").dataset[key] : "";
  },
  refresh() { document.getElementById("refresh")?.click(); },
};
// Gradio names the messages in English, on elements whose role takes no name: both are mended as messages come.
new MutationObserver(() => {
  const words = document.getElementById("chat-words")?.dataset;
  if (!words) return;
  document.querySelector("#chat [role=log]")?.setAttribute("aria-label", words.chat_label);
  document.querySelectorAll("#chat [data-testid=user]:not([role]), #chat [data-testid=bot]:not([role])").forEach((message) => {
    message.setAttribute("role", "group");
    message.setAttribute("aria-label", message.dataset.testid === "user" ? words.said_user : words.said_assistant);
  });
}).observe(document, { childList: true, subtree: true });
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a#language");
  if (link) link.search = window.location.search;
  // Gradio's page has a base address, so that a place on this page would be looked for on the page without its conversation.
  const place = event.target.closest?.("a[href^='#']");
  if (!place) return;
  event.preventDefault();
  window.location.hash = place.getAttribute("href");
});
// Of a session that ended meanwhile Gradio says nothing: the question stays in its box, and the button seems dead.
const fetched = window.fetch;
window.fetch = async (...asked) => {
  const answer = await fetched(...asked);
  if (answer.status === 401) chatPage.tell("not_signed_in");
  return answer;
};
window.addEventListener("offline", () => chatPage.tell("offline"));
window.addEventListener("online", () => { chatPage.tell(""); chatPage.refresh(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) chatPage.refresh(); });
