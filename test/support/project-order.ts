import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** First words of the names of projects whose tests mostly wait for browsers, servers, processes and disks. */
const waiting: readonly string[] = ['browser', 'postgres', 'test'];

/**
 * Orders the test files by project. Tests that wait run first, while the end-to-end tests use both cores of a small
 * machine. All others use the cores fully, and run after them.
 */
export class ProjectOrder extends BaseSequencer {
  override async sort(...files: [TestSpecification[]]): Promise<TestSpecification[]> {
    const sorted = await super.sort(...files);
    const waits = ({ project }: TestSpecification): boolean =>
      waiting.some((name) => project.name.startsWith(name));
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}
