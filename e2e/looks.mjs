// What is wrong with how a page looks, as far as a program can tell: it scrolls sideways, text is cut
// off, controls cover each other or lie outside the window, or are too small to be pressed (WCAG 2.2,
// 2.5.8: 24 by 24 CSS px). Runs in the page; returns one line for each fault.

export function faults() {
  const LEAST = 24;
  /** What lies over the page for a while, and may cover it. */
  const OVERLAYS = 'dialog, .menu, .popover, .panel, .tip';
  const CONTROLS = 'a[href], button, input, select, textarea, summary, [role=menuitem], [tabindex="0"]';
  const found = [];
  const name = (element) => {
    const text = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `${element.localName}${[...element.classList].map((one) => `.${one}`).join('')} "${text}"`;
  };
  const modal = document.querySelector('dialog:modal');
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.closest('.sr-only, .skip, [inert]') === null &&
    (modal === null || modal.contains(element));
  const round = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' ');

  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth} of ${root.clientWidth} px`);
  for (const element of document.querySelectorAll('body *')) {
    if (!seen(element) || element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue;
    const { overflowX } = getComputedStyle(element);
    if ((overflowX === 'auto' || overflowX === 'scroll') && !element.matches('.features-row, textarea')) {
      found.push(`scrolls sideways: ${name(element)}, ${element.scrollWidth} of ${element.clientWidth} px`);
    }
  }

  // Text: every line of it within whatever clips it, unless it ends in an ellipsis on purpose.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!node.data.trim() || !owner || !seen(owner) || owner.closest('[aria-hidden=true].tip, option, noscript, title') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    if (right - left < 1) continue;
    if (left < -1 || right > innerWidth + 1) {
      let scrolls = false;
      for (let box = owner; box; box = box.parentElement) scrolls ||= box.matches('.features-row');
      const ends = owner.closest('*') && getComputedStyle(owner).textOverflow === 'ellipsis';
      if (!scrolls && !ends) found.push(`text outside the window: ${name(owner)} ${round({ left, top, right, bottom })}`);
    }
    for (let box = owner; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') break;
      if (style.position === 'fixed' && style.overflowX === 'visible') break;
      const edge = box.getBoundingClientRect();
      if (/hidden|clip/.test(style.overflowX) && (left < edge.left - 1 || right > edge.right + 1)) {
        found.push(`text is cut off: ${name(owner)} by ${name(box).slice(0, 40)}`);
        break;
      }
      if (/hidden|clip/.test(style.overflowY) && (top < edge.top - 2 || bottom > edge.bottom + 2)) {
        found.push(`text is cut off in height: ${name(owner)} by ${name(box).slice(0, 40)}`);
        break;
      }
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) break;
    }
  }
  for (const input of document.querySelectorAll('input[placeholder], textarea[placeholder]')) {
    if (!seen(input) || input.value !== '') continue;
    const style = getComputedStyle(input);
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (canvas.measureText(input.placeholder).width > room + 1) found.push(`placeholder is cut off: ${name(input)} "${input.placeholder}"`);
  }

  // Controls: in the window (or where one can scroll to), large enough, and not under another.
  const controls = [...document.querySelectorAll(CONTROLS)].filter((one) => seen(one) && one.getBoundingClientRect().width > 0);
  const scroller = (element) => {
    for (let box = element.parentElement; box && box !== document.documentElement; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (/auto|scroll/.test(overflowX + overflowY) && (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth)) return box;
    }
    return null;
  };
  const belongs = (hit, control) =>
    hit !== null && (control.contains(hit) || hit.contains(control) && hit.matches('label, a, button') ||
      hit.closest('label')?.control === control || hit.closest('.tip') !== null);
  // A panel pushes the stage where there is room; elsewhere it is a sheet over it.
  const layer = (element) => {
    const over = element.closest(OVERLAYS);
    return over?.matches('.panel') && getComputedStyle(over).position !== 'fixed' ? null : over;
  };
  const boxes = controls.map((control) => ({ control, box: control.getBoundingClientRect(), within: scroller(control) }));
  for (const { control, box, within } of boxes) {
    const outside = box.left < -1 || box.right > innerWidth + 1;
    const fixed = control.closest('.call, dialog') !== null;
    const below = fixed && (box.top < -1 || box.bottom > innerHeight + 1);
    if ((outside || below) && within === null) found.push(`control outside the window: ${name(control)} ${round(box)}`);

    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const edge = within?.getBoundingClientRect();
    const inSight = x > 0 && y > 0 && x < innerWidth && y < innerHeight &&
      (!edge || (box.top >= edge.top && box.bottom <= edge.bottom && box.left >= edge.left - 1 && box.right <= edge.right + 1));
    if (!inSight) continue;
    const hit = document.elementFromPoint(x, y);
    if (!belongs(hit, control)) {
      const over = hit && layer(hit);
      if (!over || over === layer(control)) found.push(`control is covered: ${name(control)} by ${hit ? name(hit) : 'nothing'}`);
      continue;
    }
    if (box.width >= LEAST && box.height >= LEAST) continue;
    // Within a sentence, the line rules; beside a label, the label is pressed, too.
    const inline = getComputedStyle(control).display === 'inline' && control.parentElement.textContent.trim() !== control.textContent.trim();
    const reach = (dx, dy) => {
      let far = 0;
      while (far < LEAST && belongs(document.elementFromPoint(x + dx * (far + 1), y + dy * (far + 1)), control)) far += 1;
      return far;
    };
    const large = reach(-1, 0) + reach(1, 0) >= LEAST - 1 && reach(0, -1) + reach(0, 1) >= LEAST - 1;
    if (!inline && !large) found.push(`too small to press: ${name(control)} ${Math.round(box.width)}×${Math.round(box.height)} px`);
  }
  for (const [place, one] of boxes.entries()) {
    for (const other of boxes.slice(place + 1)) {
      if (one.control.contains(other.control) || other.control.contains(one.control)) continue;
      if (layer(one.control) !== layer(other.control) || one.within !== other.within) continue;
      // The eye lies in the password's field.
      if (other.control.matches('.password-eye')) continue;
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (width > 1 && height > 1) found.push(`overlap: ${name(one.control)} and ${name(other.control)}, ${Math.round(width)}×${Math.round(height)} px`);
    }
  }
  return [...new Set(found)];
}
