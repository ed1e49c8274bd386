using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>
/// Reads what a string of a workflow definition means: as it stands, <c>@expression</c>, or text with
/// <c>@{expression}</c> in it. After Microsoft's reference of the workflow definition language; indexes and lambdas,
/// which no sample has, are refused.
/// </summary>
internal sealed class ExpressionParser
{
    private readonly string _text;
    private int _at;

    private ExpressionParser(string text, int at) => (_text, _at) = (text, at);

    /// <exception cref="FormatException">It is none.</exception>
    public static Expression Parse(string text)
    {
        if (text.StartsWith("@@", StringComparison.Ordinal))
            return Literal(text[1..]);
        if (text.StartsWith('@') && !text.StartsWith("@{", StringComparison.Ordinal))
        {
            var parser = new ExpressionParser(text, at: 1);
            var expression = parser.Read();
            return parser._at == text.Length ? expression : throw parser.Error("its end");
        }

        return Joined(text);
    }

    private static Expression Joined(string text)
    {
        List<Expression> parts = [];
        var at = 0;
        for (
            var next = text.IndexOf("@{", StringComparison.Ordinal);
            next >= 0;
            next = text.IndexOf("@{", at, StringComparison.Ordinal)
        )
        {
            if (next > at)
                parts.Add(Literal(text[at..next]));
            var parser = new ExpressionParser(text, next + 2);
            parts.Add(parser.Read());
            parser.Expect('}');
            at = parser._at;
        }

        if (parts.Count == 0)
            return Literal(text);
        if (at < text.Length)
            parts.Add(Literal(text[at..]));
        return new JoinedExpression(parts);
    }

    private Expression Read()
    {
        var expression = ReadStart();
        while (true)
        {
            var optional = Take('?');
            if (Take('['))
            {
                expression = new MemberExpression(expression, ReadText(), optional);
                Expect(']');
            }
            else if (Take('.'))
            {
                expression = new MemberExpression(expression, ReadWord(), optional);
            }
            else
            {
                return optional ? throw Error("a member") : expression;
            }
        }
    }

    private Expression ReadStart()
    {
        SkipSpace();
        if (Peek() == '\'')
            return Literal(ReadText());
        var word = ReadWord();
        if (word is "true" or "false" or "null" || char.IsDigit(word[0]))
            return new LiteralExpression(JsonNode.Parse(word));
        Expect('(');
        List<Expression> arguments = [];
        if (!Take(')'))
        {
            do
            {
                arguments.Add(Read());
            } while (Take(','));
            Expect(')');
        }

        return new CallExpression(word, arguments);
    }

    private string ReadText()
    {
        Expect('\'');
        var read = new StringBuilder();
        while (true)
        {
            var end = _text.IndexOf('\'', _at);
            if (end < 0)
                throw Error("an apostrophe");
            read.Append(_text, _at, end - _at);
            _at = end + 1;
            // Two of them stand for one.
            if (Peek() != '\'')
                return read.ToString();
            read.Append('\'');
            _at++;
        }
    }

    private string ReadWord()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Peek()))
            _at++;
        return _at > start ? _text[start.._at] : throw Error("a name");
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private void SkipSpace()
    {
        while (Peek() == ' ')
            _at++;
    }

    private bool Take(char expected)
    {
        SkipSpace();
        if (Peek() != expected)
            return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!Take(expected))
            throw Error(expected.ToString());
    }

    private FormatException Error(string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"'{_text}' has no {expected} at character {_at + 1}."));

    private static LiteralExpression Literal(string text) => new(JsonValue.Create(text));
}
