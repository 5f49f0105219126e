import { configure } from '@testing-library/react';
import { untilTestEnds } from '../../core/test-support/patience.ts';

// What a component shows is waited for as long as the test may take: one second is too short on a busy machine.
configure({ asyncUtilTimeout: untilTestEnds });
