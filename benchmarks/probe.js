// In the measured page: from a pointer-up (or the navigation) to the frame where the right thing is painted.
(() => {
  if (window !== window.top || window.bench) return;
  const view = VIEW;
  const frame = () => (view.frame ? document.querySelector(view.frame) : null);
  const inside = () => (view.frame ? frame()?.contentDocument : document);
  const count = (text) => (/k$/.test(text.trim()) ? parseFloat(text) * 1000 : parseInt(text, 10) || 0);

  function read() {
    const place = inside();
    if (!place) return null;
    let actors = 0;
    if (view.cluster) for (const label of place.querySelectorAll(view.cluster)) actors += count(label.textContent);
    if (view.single) actors += place.querySelectorAll(view.single).length;
    return {
      actors,
      polygons: view.polygon ? place.querySelectorAll(view.polygon).length : 0,
      widgets: view.widget ? document.querySelectorAll(view.widget).length : 0,
      text: view.text ? document.querySelector(view.text)?.textContent ?? "" : "",
      busy: view.busy ? document.querySelector(view.busy) !== null || ![...document.images].every((image) => image.complete) : false,
    };
  }
  function reached(want) {
    const now = read();
    return now !== null && !now.busy
      && (want.actors === undefined || Math.abs(now.actors - want.actors) <= (want.tolerance ?? 0))
      && (want.polygons === undefined || now.polygons >= want.polygons)
      && (want.widgets === undefined || now.widgets >= want.widgets)
      && (want.text === undefined || now.text.includes(want.text));
  }
  // The animation frame that sees the change is the one that paints it: the next one comes after the paint.
  function painted(want, start) {
    return new Promise((resolve) => {
      const look = () => {
        const from = start();
        if (from !== null && reached(want)) requestAnimationFrame(() => resolve(performance.now() - from));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }

  let result = null;
  function arm(want) {
    if (reached(want)) throw new Error(`already there before the click: ${JSON.stringify([want, read()])}`);
    let from = null;
    const up = () => { from ??= performance.now(); };
    for (const place of new Set([document, inside()])) place.addEventListener("pointerup", up, { capture: true, once: true });
    result = painted(want, () => from);
  }
  const shape = () => inside()?.querySelector(view.polygon)?.getAttribute("d") ?? "";
  // The view is kept when the frame still holds the same document and a polygon is drawn where it was.
  let seen = null;
  const mark = () => { seen = { place: inside(), shape: shape() }; };
  const kept = () => inside() === seen.place && shape() === seen.shape;

  window.bench = { opened: painted(view.open, () => 0), arm, result: () => result, read, mark, kept };
})();
