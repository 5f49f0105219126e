import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useStoredValue } from '../storage/stored-value.ts';
import { chosenPlace, placeOfPath, type LoopPlace } from './loop-place.ts';

/**
 * Returns the place of the loop: the place of the run in the URL, otherwise the visitor's choice.
 *
 * @param usual The place before the first choice
 */
export function useLoopPlace(usual: LoopPlace): LoopPlace {
  const [path] = useLocation();
  const chosen = useStoredValue(chosenPlace);
  const ofPath = placeOfPath(path);
  useEffect(() => {
    if (ofPath !== undefined) chosenPlace.write(ofPath);
  }, [ofPath]);
  return ofPath ?? chosen ?? usual;
}
