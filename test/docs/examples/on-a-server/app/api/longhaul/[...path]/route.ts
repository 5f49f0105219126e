export const dynamic = 'force-dynamic';

// Set by `instrumentation.ts`. An import of `runs.ts` would create a second runner in this process.
const handle = (request: Request) => globalThis.runsOfVisitors(request);

export { handle as DELETE, handle as GET, handle as POST };
