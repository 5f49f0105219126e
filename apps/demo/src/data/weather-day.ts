/** One line of `weather.csv`: the weather of one city on one day. */
export interface WeatherDay {
  readonly location: string;
  readonly date: string;
  /** Millimetres. */
  readonly precipitation: number;
  /** °C. */
  readonly tempMax: number;
  /** °C. */
  readonly tempMin: number;
  /** The mean speed, in metres per second. */
  readonly wind: number;
  readonly weather: string;
}

/** Reads the bundled file, which has no quoted fields. */
export function parseWeather(csv: string): WeatherDay[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [location = '', date = '', precipitation, tempMax, tempMin, wind, weather = ''] = line
        .trim()
        .split(',');
      return {
        location,
        date,
        precipitation: Number(precipitation),
        tempMax: Number(tempMax),
        tempMin: Number(tempMin),
        wind: Number(wind),
        weather,
      };
    });
}
