using System.Text.Json.Nodes;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>An expression of the workflow definition language.</summary>
internal abstract record Expression
{
    /// <summary>It, and all that it is made of.</summary>
    public abstract IEnumerable<Expression> All { get; }
}

/// <summary>Text, a number, true, false or null.</summary>
internal sealed record LiteralExpression(JsonNode? Value) : Expression
{
    public override IEnumerable<Expression> All => [this];
}

/// <summary>A function and its arguments: <c>body('Name')</c>.</summary>
internal sealed record CallExpression(string Function, IReadOnlyList<Expression> Arguments) : Expression
{
    public override IEnumerable<Expression> All => [this, .. Arguments.SelectMany(argument => argument.All)];

    /// <summary>Its one argument where that is text: the name of an action or a parameter.</summary>
    public string? Name =>
        Arguments is [LiteralExpression { Value: JsonValue value }] && value.TryGetValue<string>(out var name)
            ? name
            : null;
}

/// <summary>A member: <c>x['name']</c>, <c>x?['name']</c>, <c>x.name</c>.</summary>
/// <param name="Target">Whose.</param>
/// <param name="Member">Its name.</param>
/// <param name="IsOptional">Whether null has it, too: <c>?</c>.</param>
internal sealed record MemberExpression(Expression Target, string Member, bool IsOptional) : Expression
{
    public override IEnumerable<Expression> All => [this, .. Target.All];
}

/// <summary>Text with expressions in it: <c>a @{b} c</c>.</summary>
internal sealed record JoinedExpression(IReadOnlyList<Expression> Parts) : Expression
{
    public override IEnumerable<Expression> All => [this, .. Parts.SelectMany(part => part.All)];
}
