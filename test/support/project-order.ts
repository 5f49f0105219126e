import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of `browser` and `test` wait for browsers, processes and disks most of the time. */
const waiting: readonly string[] = ['browser', 'test'];

/**
 * Runs the projects whose tests wait first, while the end-to-end tests keep both cores busy. The tests of the other
 * projects keep the cores busy themselves.
 */
export class ProjectOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ project }: TestSpecification): number => (waiting.includes(project.name) ? 0 : 1);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}
