/** Takes the README's screenshot of the demo: `node --conditions=@longhaul/source test/docs/take-screenshot.ts`. */
import { fileURLToPath } from 'node:url';
import {
  callCards,
  inspect,
  launchBrowser,
  injectFault,
  startTask,
  waitForPage,
  waitForStatus,
} from '../support/demo-page.ts';
import { startDemo } from '../support/demo-server.ts';

await using demo = await startDemo();
await using browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
// A busy machine may be slow.
page.setDefaultTimeout(180_000);
await page.goto(demo.url);
await waitForPage(page);
await startTask(page, 'Is Seattle really rainier');

// Show a recovery in the timeline: a response fails transiently, and is created again.
await callCards(page, 'Done').first().waitFor();
await injectFault(page, 'Fail the next response');
await inspect(page, 'Timeline');

await waitForStatus(page, 'Done');
await page.screenshot({
  path: fileURLToPath(new URL('../../docs/demo.png', import.meta.url)),
  animations: 'disabled',
});
