import { handler } from '../../../../runs.ts';

export const dynamic = 'force-dynamic';
export { handler as DELETE, handler as GET, handler as POST };
