// Runs before the first paint, so that a selected theme does not flash. A separate file, because the page forbids inline
// scripts.
try {
  const theme = localStorage.getItem('longhaul-demo.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // The browser may forbid storage. The page then uses the system's theme.
}
