using BackupFunctions.Broker;
using NetArchTest.Rules;

namespace BackupFunctions.Core.Tests.Conventions;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Azure")]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("System.Net.Http")]
    [InlineData("Duende.IdentityModel")]
    [InlineData("BackupFunctions.KeyVault")]
    [InlineData("BackupFunctions.Storage")]
    [InlineData("BackupFunctions.Web")]
    public void The_token_rooms_know_neither_HTTP_nor_Azure(string dependency)
    {
        var tokens = Types
            .InAssembly(typeof(TokenBroker).Assembly)
            .That()
            .ResideInNamespaceMatching("^BackupFunctions\\.(Tokens|Credentials|Ledger|State|Renewal|Broker)");

        var result = tokens.ShouldNot().HaveDependencyOn(dependency).GetResult();

        Assert.NotEmpty(tokens.GetTypes());
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [InlineData("Microsoft.Azure.Functions")]
    [InlineData("BackupFunctions.LocalHost")]
    [InlineData("BackupFunctions.Emulators")]
    [InlineData("BackupFunctions.Functions")]
    public void Core_knows_no_host(string dependency)
    {
        var result = Types
            .InAssembly(typeof(TokenBroker).Assembly)
            .ShouldNot()
            .HaveDependencyOn(dependency)
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Core_refers_to_no_assembly_of_a_host()
    {
        var references = typeof(TokenBroker).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.DoesNotContain(references, name =>
            name.StartsWith("BackupFunctions", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
        );
    }
}
