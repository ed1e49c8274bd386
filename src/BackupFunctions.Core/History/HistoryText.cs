using System.Globalization;
using System.Text;
using System.Text.Json;
using BackupFunctions.Json;

namespace BackupFunctions.History;

/// <summary>
/// How a history is stored: <c>{"cells":"1960312rrak2uuba","events":["1764281430rt"]}</c>. A cell has a letter for the
/// worst and for the last of its quarter and two for the second of the last; the number before it says how many
/// quarters were skipped, from the beginning of Unix time for the first.
/// </summary>
internal static class HistoryText
{
    private const int CellLength = 4;
    private const int MostEvents = 100;
    private const int LongestText = ConnectionHistory.LargestSize;
    private const string Start = "{\"cells\":\"";
    private const string Middle = "\",\"events\":[";
    private const string End = "]}";

    /// <summary>Thirty digits, so that two of them hold a second of a quarter. None needs an escape.</summary>
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCD";

    /// <summary>What a history takes without its cells and events, in bytes.</summary>
    public static int Overhead => Start.Length + Middle.Length + End.Length;

    /// <summary>What an event takes at most, in bytes: it has quotes and a comma.</summary>
    public static int SizeOf(HistoryEvent one) => Encode(one).EncodedUtf8Bytes.Length + "\"\",".Length;

    /// <summary>A history as JSON, in ASCII.</summary>
    public static string Write(IEnumerable<HistoryCell> cells, IEnumerable<HistoryEvent> events)
    {
        var text = new StringBuilder(Start).Append(WriteCells(cells)).Append(Middle);
        var isFirst = true;
        foreach (var one in events)
        {
            text.Append(isFirst ? "\"" : ",\"").Append(Encode(one)).Append('"');
            isFirst = false;
        }

        return text.Append(End).ToString();
    }

    /// <summary>The cells as text, in ASCII without anything that JSON escapes.</summary>
    public static string WriteCells(IEnumerable<HistoryCell> cells)
    {
        var text = new StringBuilder();
        long next = 0;
        foreach (var cell in cells)
        {
            if (cell.Quarter != next)
            {
                text.Append(CultureInfo.InvariantCulture, $"{cell.Quarter - next}");
            }

            text.Append(cell.Worst.Letter).Append(cell.Last.Letter);
            text.Append(Digits[cell.Second / Digits.Length]).Append(Digits[cell.Second % Digits.Length]);
            next = cell.Quarter + 1;
        }

        return text.ToString();
    }

    /// <summary>Reads a history. What is malformed or cannot be true is left out; it never throws.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="latest">Nothing has happened after this instant.</param>
    public static ConnectionHistory Read(JsonElement? json, DateTimeOffset latest)
    {
        var cells = json.Text("cells") is { Length: <= LongestText } text ? ReadCells(text, latest) : [];
        var events = json.Texts("events").Take(MostEvents).Select(one => HistoryEvent.Parse(one, latest));
        return ConnectionHistory.Of(cells, events.OfType<HistoryEvent>());
    }

    private static List<HistoryCell> ReadCells(ReadOnlySpan<char> text, DateTimeOffset latest)
    {
        var cells = new List<HistoryCell>();
        for (long quarter = 0; !text.IsEmpty; quarter++)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits < 0 || text.Length < digits + CellLength || !TrySkip(text[..digits], ref quarter))
            {
                break;
            }

            if (quarter > HistoryCell.QuarterOf(latest))
            {
                break;
            }

            if (ReadCell(quarter, text.Slice(digits, CellLength)) is { } cell)
            {
                cells.Add(cell);
            }

            text = text[(digits + CellLength)..];
        }

        return cells;
    }

    private static bool TrySkip(ReadOnlySpan<char> digits, ref long quarter)
    {
        if (digits.IsEmpty)
        {
            return true;
        }

        var isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var skipped);
        quarter += skipped;
        return isNumber;
    }

    private static HistoryCell? ReadCell(long quarter, ReadOnlySpan<char> text)
    {
        var (worst, last) = (HistoryOutcome.Of(text[0]), HistoryOutcome.Of(text[1]));
        var (high, low) = (Digits.IndexOf(text[2]), Digits.IndexOf(text[3]));
        return worst == HistoryOutcome.Nothing || last == HistoryOutcome.Nothing || high < 0 || low < 0
            ? null
            : new HistoryCell(quarter, worst, last, (high * Digits.Length) + low);
    }

    private static JsonEncodedText Encode(HistoryEvent one) => JsonEncodedText.Encode(one.ToString());
}
