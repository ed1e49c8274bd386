namespace BackupFunctions.Core.Tests.Situations;

/// <summary>One small input that the world has sent, and the right answer to it.</summary>
/// <param name="Source">The public report it comes from, such as <c>repository#number</c>, or the standard.</param>
/// <param name="Input">What is sent, in a few words; unique in the table.</param>
/// <param name="Right">What the caller, or whoever meets the input, must see.</param>
/// <param name="Try">Sends the input and returns what was seen, to be compared with <paramref name="Right"/>.</param>
internal sealed record Situation(string Source, string Input, string Right, Func<Task<string>> Try)
{
    public override string ToString() => Input;
}
