import weatherUrl from './weather.csv?url';
import { parseWeather, type WeatherDay } from './weather-day.ts';

/** Fetches the bundled data set; the browser caches it. */
export async function loadWeather(): Promise<WeatherDay[]> {
  const response = await fetch(weatherUrl);
  if (!response.ok) throw new Error(`The data set could not be loaded: HTTP ${response.status}.`);
  return parseWeather(await response.text());
}
