// Runs before the first paint, so that a chosen theme does not flash. A file of its own, as the page forbids inline scripts.
try {
  const theme = localStorage.getItem('longhaul-demo.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's theme holds then.
}
