// What the bar of every page does. Light or dark: what the reader chose on this machine, else what the system says; runs before the page is drawn.
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

    // Whoever has chosen from the menu is done with it; a page that is live keeps it where it is.
    const menu = event.target.closest?.('[popover]:popover-open');
    if (menu && event.target.closest('a')) {
      menu.hidePopover();
    }
  });
})();
