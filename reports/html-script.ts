/** The page's own script: filters, deep links, copy buttons, print. Without it everything can still be read. */
export const SCRIPT = `(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (name) => document.getElementById('dp-' + name);
  const rows = all('.req'), families = all('.family'), form = one('filter');
  const texts = new Map();
  const wordsOf = (row) => {
    let words = texts.get(row);
    if (words === undefined) {
      const parts = all('.name, .cell, .text, .why, .reason', row).map((part) => part.textContent);
      texts.set(row, (words = parts.join(' ').toLowerCase()));
    }
    return words;
  };
  const apply = () => {
    const words = one('text').value.toLowerCase().split(/\\s+/).filter(Boolean);
    const family = one('family').value, level = one('level').value, verdict = one('verdict').value;
    const bad = one('bad').checked;
    let shown = 0;
    for (const row of rows) {
      const data = row.dataset;
      const fits =
        (!bad || row.classList.contains('bad')) && (!family || data.family === family) && (!level || data.level === level) &&
        (!verdict || data.verdicts.split(' ').includes(verdict)) && words.every((word) => wordsOf(row).includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const section of families) section.hidden = !section.querySelector('.req:not([hidden])');
    one('shown').value = shown === rows.length ? rows.length + ' requirements' : shown + ' of ' + rows.length + ' requirements';
  };
  let timer;
  const soon = () => { clearTimeout(timer); timer = setTimeout(apply, rows.length > 300 ? 150 : 20); };
  const clear = () => { form.reset(); apply(); };
  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch {}
    const target = id && document.getElementById(id);
    if (!target) return;
    const row = target.closest('.req');
    if (row) {
      if (row.hidden) clear();
      row.open = true;
    }
    target.scrollIntoView();
  };
  const copy = async (button) => {
    const text = button.previousElementSibling;
    try { await navigator.clipboard.writeText(text.textContent); } catch {
      const range = document.createRange();
      range.selectNodeContents(text);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1600);
  };
  const seek = (details) => {
    for (const box of all('[data-x]', details)) box.scrollLeft = Math.max(0, box.dataset.x - box.clientWidth / 3);
    for (const list of all('.hist', details)) {
      const hit = list.querySelector('.hit');
      if (hit) list.scrollTop = hit.offsetTop - 80;
    }
  };
  document.addEventListener('toggle', (event) => { if (event.target.open) seek(event.target); }, true);
  if (form) {
    form.hidden = false;
    form.addEventListener('input', soon);
    form.addEventListener('submit', (event) => event.preventDefault());
    one('clear').addEventListener('click', clear);
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-copy]');
    if (button) copy(button);
  });
  document.addEventListener('keydown', (event) => {
    if (!form || event.key !== '/' || event.ctrlKey || event.metaKey || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
    event.preventDefault();
    one('text').focus();
  });
  addEventListener('beforeprint', () => all('.req.bad').forEach((row) => { row.open = true; }));
  addEventListener('hashchange', follow);
  if (form) apply();
  follow();
})();`;
