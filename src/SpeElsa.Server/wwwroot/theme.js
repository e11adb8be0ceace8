// Light or dark: what the reader chose on this machine, else what the system says. Runs before the page is drawn.
(() => {
  const key = 'speelsa-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = () => localStorage.getItem(key) ?? (system.matches ? 'dark' : 'light');
  const apply = () => {
    document.documentElement.dataset.theme = current();
  };
  apply();
  system.addEventListener('change', apply);
  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-theme-switch]')) {
      localStorage.setItem(key, current() === 'dark' ? 'light' : 'dark');
      apply();
    }
  });
})();
