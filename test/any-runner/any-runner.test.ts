import { testRunners } from './runner-suite.ts';
import { worlds } from './worlds.ts';

testRunners(worlds);
