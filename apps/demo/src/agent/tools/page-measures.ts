function kilobytes(bytes: number): number {
  return Math.round(bytes / 102.4) / 10;
}

/** Small targets are hard to hit. WCAG 2.2 requires 24 by 24 pixels. */
function smallTargets(): number {
  return [...document.querySelectorAll('button, a[href], input, select')].filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && (width < 24 || height < 24);
  }).length;
}

export type PageMeasures = ReturnType<typeof measure>;

/** Measures the page with the browser's APIs. It loads with the first call. */
export function measure() {
  const [navigation] = performance.getEntriesByType('navigation');
  const resources = performance
    .getEntriesByType('resource')
    .filter((entry) => entry instanceof PerformanceResourceTiming);
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return {
    elements: document.querySelectorAll('*').length,
    resources: resources.length,
    transferredKb: kilobytes(resources.reduce((sum, entry) => sum + entry.transferSize, 0)),
    firstPaintMs: paint === undefined ? null : Math.round(paint.startTime),
    loadedMs:
      navigation instanceof PerformanceNavigationTiming
        ? Math.round(navigation.domContentLoadedEventEnd)
        : null,
    viewport: { width: innerWidth, height: innerHeight, pixelRatio: devicePixelRatio },
    scrollsSideways: document.documentElement.scrollWidth > innerWidth,
    smallTargets: smallTargets(),
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
  };
}
