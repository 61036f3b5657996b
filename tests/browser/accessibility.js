// What accessibility.py asks a page: its controls, their size, and where the keyboard goes.
(() => {
  if (window.look) return;
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const controls = () => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])",
  )].filter((e) => !e.disabled && visible(e));
  const told = (e) => (e.outerHTML.match(/^<[^>]*>/)[0] + (e.textContent || "").trim()).slice(0, 120);
  const scrolls = (e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight;

  // Of a group of radio buttons the keyboard stops at one: the chosen one, or the first.
  const stops = () => controls().filter((e) => {
    if (e.tabIndex < 0) return false;
    if (e.type !== "radio" || !e.name) return true;
    const group = controls().filter((one) => one.type === "radio" && one.name === e.name && one.form === e.form);
    return e === (group.find((one) => one.checked) || group[0]);
  });

  const inText = (e) => {
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
    let block = e.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return block.textContent.trim().length > e.textContent.trim().length;
  };

  const marked = (e) => {
    const style = getComputedStyle(e);
    const thick = style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    return thick || style.boxShadow !== "none";
  };

  let expected = [];
  let visited = [];
  document.addEventListener("focusin", ({ target }) => {
    const box = target.getBoundingClientRect();
    visited.push({
      element: target,
      marked: marked(target) || marked(target.parentElement),
      onScreen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    });
  });

  window.look = {
    small(least) {
      const boxes = (e) => [e, ...(["checkbox", "radio"].includes(e.type) ? e.labels : [])].map((one) => one.getBoundingClientRect());
      const large = (e) => boxes(e).some((box) => box.width >= least && box.height >= least);
      return controls().filter((e) => !inText(e) && !large(e)).map(told);
    },
    // Puts the keyboard before the first control; returns how often to press Tab.
    listen() {
      const still = new CSSStyleSheet();
      still.replaceSync("* { transition: none !important }"); // a frame that fades in is there from the beginning
      document.adoptedStyleSheets = [still];
      const start = document.body.insertAdjacentElement("afterbegin", document.createElement("span"));
      start.tabIndex = -1;
      start.focus();
      start.remove();
      window.scrollTo(0, 0);
      expected = stops();
      visited = [];
      // Browsers may stop at what scrolls as well, and at each part of a day and the button of its calendar.
      return expected.length + 3 * expected.filter((e) => e.type === "date").length + [...document.querySelectorAll("body *")].filter((e) => visible(e) && scrolls(e)
        && /auto|scroll/.test(getComputedStyle(e).overflow)).length;
    },
    walked() {
      const met = visited.filter((one) => expected.includes(one.element) || !scrolls(one.element));
      const order = [...new Set(met.map((one) => one.element))].slice(0, expected.length);
      const faults = expected.filter((e) => e.tabIndex > 0).map((e) => `out of order: ${told(e)}`);
      faults.push(...expected.filter((e) => !order.includes(e)).map((e) => `not reached by Tab: ${told(e)}`));
      if (!faults.length) faults.push(...order.filter((e, n) => e !== expected[n]).map((e) => `out of order: ${told(e)}`));
      for (const one of met) {
        if (!one.marked) faults.push(`focus cannot be seen: ${told(one.element)}`);
        if (!one.onScreen) faults.push(`focused outside the screen: ${told(one.element)}`);
      }
      return [...new Set(faults)];
    },
  };
})();
