import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of `browser` and `test` wait for browsers, processes and disks most of the time. */
const waiting: readonly string[] = ['browser', 'test'];

/**
 * Runs the projects whose tests wait first, while the end-to-end tests keep both cores busy. The tests of the other
 * projects keep the cores busy themselves.
 */
export class ProjectOrder extends BaseSequencer {
  override async sort(...files: [TestSpecification[]]): Promise<TestSpecification[]> {
    const longestFirst = await super.sort(...files);
    const waits = ({ project }: TestSpecification): boolean => waiting.includes(project.name);
    return [...longestFirst.filter(waits), ...longestFirst.filter((file) => !waits(file))];
  }
}
