using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using BackupFunctions.Renewal;
using BackupFunctions.Testing;
using Json.Schema;

namespace BackupFunctions.Samples.Tests.Flows;

/// <summary>What must hold for every flow, whatever it does when it runs.</summary>
public sealed class FlowRulesTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "BackupFunctions.Samples.Tests", "Flows", "workflow.schema.json")
        )
    );

    public static TheoryData<string> Flows { get; } = [.. FlowSample.ByName.Keys];

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_is_of_the_languages_form(string flow) =>
        Assert.Empty(Findings(FlowSample.ByName[flow].Definition));

    [Theory]
    [InlineData("runtimeConfiguration", "runtimeConfigurations")]
    [InlineData("secureData", "secureDatas")]
    [InlineData("retryPolicy", "retrypolicy")]
    [InlineData("\"Failed\", \"TimedOut\"", "\"Fails\", \"TimedOut\"")]
    [InlineData("\"SecureString\"", "\"Securestring\"")]
    [InlineData("PT10S", "10S")]
    [InlineData("\"runError\"", "\"error\"")]
    public void A_misspelling_in_a_flow_would_be_found(string right, string wrong)
    {
        var text = FlowSample
            .Consumption.Definition.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" })
            .Replace(
                "[\n          \"Failed\",\n          \"TimedOut\"\n        ]",
                "[\"Failed\", \"TimedOut\"]",
                StringComparison.Ordinal
            );
        Assert.Contains(right, text, StringComparison.Ordinal);

        var findings = Findings(JsonNode.Parse(text.Replace(right, wrong, StringComparison.Ordinal))!);

        Assert.NotEmpty(findings);
    }

    [Theory]
    [InlineData(nameof(FlowSample.Consumption))]
    [InlineData(nameof(FlowSample.Standard))]
    public void A_flow_needs_no_identity_and_takes_the_one_that_its_page_shows(string flow)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "samples", "logic-apps", "README.md"));
        var shown = JsonNode.Parse("{" + page.Split("```json")[1].Split("```")[0] + "}")!["authentication"]!;
        var definition = FlowSample.ByName[flow].Definition.DeepClone().AsObject();
        var asking = FlowAction
            .All(definition)
            .Where(action => action.AsksForToken)
            .Select(action => action.Inputs!.AsObject())
            .ToList();

        Assert.Equal(2, asking.Count);
        Assert.All(asking, inputs => Assert.False(inputs.ContainsKey("authentication")));

        foreach (var inputs in asking)
            inputs["authentication"] = shown.DeepClone();

        Assert.Empty(Findings(definition));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Every_action_has_a_name_of_its_own_and_runs_after_one_beside_it(string flow)
    {
        var actions = FlowSample.ByName[flow].Actions.ToList();

        Assert.Equal(actions.Count, actions.Select(action => action.Name).Distinct().Count());
        Assert.All(actions, action =>
            Assert.All(action.RunAfter, before =>
                Assert.True(
                    before.Key != action.Name && action.Siblings.ContainsKey(before.Key),
                    $"{action.Name} runs after {before.Key}, which is not beside it."
                )
            )
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Every_expression_names_an_action_or_a_parameter_that_is_there(string flow)
    {
        var sample = FlowSample.ByName[flow];
        var actions = sample.Actions.Select(action => action.Name).ToHashSet();

        var calls = sample.Actions.SelectMany(action => action.Expressions).OfType<CallExpression>().ToList();

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.True(
                call.Function switch
                {
                    "body" or "outputs" => actions.Contains(call.Name!),
                    "parameters" => ParametersOf(flow).Contains(call.Name!),
                    "coalesce" => call.Arguments.Count > 1,
                    "json" or "createArray" => call.Arguments.Count == 1,
                    "equals" or "contains" => call.Arguments.Count == 2,
                    "if" or "setProperty" => call.Arguments.Count == 3,
                    _ => false,
                },
                $"{call} names nothing that is there."
            ));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Whatever_holds_a_token_or_a_key_is_hidden(string flow)
    {
        var actions = FlowSample.ByName[flow].Actions.ToList();
        var asking = actions.Where(action => action.AsksForToken).Select(action => action.Name).ToHashSet();

        Assert.Equal(2, asking.Count);
        Assert.All(actions.Where(action => action.AsksForToken), action =>
            Assert.True(action.HidesInputs && action.HidesOutputs, action.Name)
        );
        Assert.All(
            actions.Where(action =>
                action.Expressions.Any(expression =>
                    expression is MemberExpression { Member: "authorization" or "access_token" }
                )
            ),
            action => Assert.True(action.HidesInputs, action.Name)
        );
        // The whole reply holds the token, too: only single members of it are taken.
        var expressions = actions.SelectMany(action => action.Expressions).ToList();
        var members = expressions
            .OfType<MemberExpression>()
            .Select(member => member.Target)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        Assert.All(
            expressions
                .OfType<CallExpression>()
                .Where(call => call.Function is "body" or "outputs" && asking.Contains(call.Name!)),
            call => Assert.True(members.Contains(call), $"The whole reply of {call.Name} is taken.")
        );
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_503_is_left_to_a_retry_policy_that_lasts_longer_than_a_usual_wait(string flow) =>
        Assert.All(FlowSample.ByName[flow].Actions.Where(action => action.AsksForToken), action =>
            Assert.True(LeastOf(action.Inputs!["retryPolicy"]!) > BackOff.Shortest, action.Name)
        );

    /// <summary>
    /// How long an exponential policy lasts at least: its waits are random, and none is shorter than the least.
    /// </summary>
    private static TimeSpan LeastOf(JsonNode policy)
    {
        Assert.Equal("exponential", policy["type"]!.GetValue<string>());
        return XmlConvert.ToTimeSpan(policy["minimumInterval"]!.GetValue<string>()) * policy["count"]!.GetValue<int>();
    }

    [Theory]
    [InlineData("@body('A'")]
    [InlineData("@body('A)")]
    [InlineData("@body('A')]")]
    [InlineData("@body('A')?")]
    [InlineData("@body('A')[name]")]
    [InlineData("a @{body('A') b")]
    [InlineData("@coalesce(body('A'),)")]
    public void An_expression_that_cannot_be_read_would_be_found(string text) =>
        Assert.Throws<FormatException>(() => ExpressionParser.Parse(text));

    private static HashSet<string> ParametersOf(string flow) =>
        flow == nameof(FlowSample.Standard)
            ? FlowSample
                .File("logic-apps/standard/parameters.json")
                .AsObject()
                .Select(parameter => parameter.Key)
                .ToHashSet()
            : FlowSample.ByName[flow].Definition["parameters"]!
                .AsObject()
                .Select(parameter => parameter.Key)
                .ToHashSet();

    private static IReadOnlyList<string> Findings(JsonNode definition)
    {
        var result = Schema.Evaluate(
            JsonSerializer.SerializeToElement(definition),
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        return result.IsValid
            ? []
            :
            [
                .. result
                    .Details!.Where(detail => detail.Errors is not null)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join(' ', detail.Errors!.Values)}"),
            ];
    }
}
