using System.Globalization;
using BackupFunctions.Problems;

namespace BackupFunctions.Alerts;

/// <summary>A group of alerts in sentences.</summary>
/// <param name="cause">Its cause.</param>
/// <param name="group">The group.</param>
/// <param name="members">Those that are talked of, at least one.</param>
internal sealed class AlertWords(AlertCause cause, AlertGroup group, IReadOnlyList<GroupMember> members)
{
    /// <summary>How many connections are named.</summary>
    public const int MostNames = 5;

    /// <summary>The first failure.</summary>
    public DateTimeOffset Since => members.Min(member => member.Since);

    /// <summary>That they fail, why, and what to do about it.</summary>
    public string Failing
    {
        get
        {
            var lasts = group.PostedAt is null ? $"{Have} been failing since" : $"{Are} still failing, since";
            var (what, first) = (ProblemType.Of(cause.Kind).Title, cause.KeyOf(members[0].Connection));
            var detail = members.Count == 1 ? group.Detail : $"They are {Names}. {first}: {group.Detail}";
            return $"{Subject} {lasts} {Minute(Since)} UTC: {what}. {detail}".TrimEnd();
        }
    }

    /// <summary>That they are well again, and after how long.</summary>
    public string Recovered
    {
        get
        {
            var endedAt = GroupRules.EndedAt(group)!.Value;
            var names = members.Count == 1 ? "" : $" They are {Names}.";
            return $"{Subject} recovered at {Minute(endedAt)} UTC after {InWords(endedAt - Since)}.{names}";
        }
    }

    /// <summary>The gist.</summary>
    public string Title
    {
        get
        {
            if (members.All(member => member.EndedAt is not null))
            {
                return $"{Subject} recovered";
            }

            return group.PostedAt is null ? $"{Subject} failed" : $"{Subject} {Are} still failing";
        }
    }

    private string Subject =>
        members.Count == 1
            ? cause.KeyOf(members[0].Connection).ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{members.Count} connections of {cause.Vendor}");

    private string Have => members.Count == 1 ? "has" : "have";

    private string Are => members.Count == 1 ? "is" : "are";

    private string Names
    {
        get
        {
            List<string> names = [.. members.Take(MostNames).Select(member => member.Connection)];
            var (last, further) = (names[^1], members.Count - names.Count);
            return further > 0
                ? $"{string.Join(", ", names)} and {further} more"
                : $"{string.Join(", ", names.SkipLast(1))} and {last}";
        }
    }

    /// <summary>An instant as RFC 3339 has it, in whole seconds.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string InWords(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
        {
            return "less than a minute";
        }

        return time < TimeSpan.FromHours(1)
            ? $"{(int)time.TotalMinutes} min"
            : $"{(int)time.TotalHours} h {time.Minutes} min";
    }
}
