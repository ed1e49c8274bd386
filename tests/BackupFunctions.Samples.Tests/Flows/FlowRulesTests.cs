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
    [InlineData("authentication", "authentification")]
    [InlineData("ManagedServiceIdentity", "ManagedIdentity")]
    [InlineData("retryPolicy", "retrypolicy")]
    [InlineData("\"Failed\", \"TimedOut\"", "\"Fails\", \"TimedOut\"")]
    [InlineData("\"String\"", "\"string\"")]
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
    [MemberData(nameof(Flows))]
    public void A_flow_makes_one_call_with_no_token_and_no_key_and_hides_nothing(string flow)
    {
        var sample = FlowSample.ByName[flow];
        var text = FlowSample.File(sample.Path).ToJsonString();

        Assert.Single(sample.Actions, action => action.Sends);
        Assert.All(new[] { "GetToken", "functions-key", "functionKey", "securestring", "secureData" }, word =>
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase)
        );
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
                    "equals" => call.Arguments.Count == 2,
                    "if" => call.Arguments.Count == 3,
                    _ => false,
                },
                $"{call} names nothing that is there."
            ));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_503_is_left_to_a_retry_policy_that_lasts_longer_than_a_usual_wait(string flow) =>
        Assert.All(FlowSample.ByName[flow].Actions.Where(action => action.Sends), action =>
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
