using BackupFunctions.Vendors;

namespace BackupFunctions.Settings.Declared;

/// <summary>Reads how a declared vendor signs API callers in.</summary>
internal sealed class FlowReader(ProfileValues values)
{
    /// <summary>The flows, by the words of the field <c>Flow</c>.</summary>
    private enum FlowName
    {
        ClientCredentials,
        Password,
        StaticKey,
    }

    /// <summary>How a request is encoded, by the words of the field <c>Body</c>.</summary>
    private enum BodyFormat
    {
        Form,
        Json,
    }

    /// <summary>Reads the flow; with findings it is only a stand-in.</summary>
    public SignInFlow Read() =>
        values.Choice("Flow", FlowName.ClientCredentials) switch
        {
            FlowName.Password => ReadPassword(),
            FlowName.StaticKey => ReadStaticKey(),
            _ => ReadClientCredentials(),
        };

    private ClientCredentialsFlow ReadClientCredentials()
    {
        var authentication = values.Choice("Authentication", ClientAuthentication.Basic);
        var body = values.Choice("Body", BodyFormat.Form);
        if (authentication == ClientAuthentication.PrivateKeyJwt && body == BodyFormat.Json)
        {
            values.Find("Body", "does not go with PrivateKeyJwt.", "Leave it out: assertions are sent in a form.");
        }

        return new ClientCredentialsFlow
        {
            Authentication = authentication,
            SendsJson = body == BodyFormat.Json,
            GrantType = values.Text("GrantType") switch
            {
                null => "client_credentials",
                "none" => null,
                var grant => grant,
            },
            DefaultScope = values.Text("Scope"),
            ClientIdField = values.Text("ClientIdField") ?? "client_id",
            ClientSecretField = values.Text("ClientSecretField") ?? "client_secret",
            Fields = values.Fields("Fields"),
            ClientIdDescription = authentication == ClientAuthentication.Bearer ? null : "the API client's id",
        };
    }

    private StaticKeyFlow ReadStaticKey()
    {
        var header = values.Text("KeyHeader") ?? "Authorization";
        if (!HttpHeader.IsName(header))
        {
            values.Find("KeyHeader", "is not a header that can carry a key.", "Give one, for example x-api-key.");
        }

        return new StaticKeyFlow
        {
            Header = header,
            Prefix = values.Text("KeyPrefix") is { } prefix ? $"{prefix} " : "",
        };
    }

    private PasswordFlow ReadPassword() =>
        new()
        {
            UsernameDescription = "the name of an account that nobody else signs in with",
            PasswordGrant = values.Text("PasswordGrant") ?? "password",
            RefreshGrant = values.Text("RefreshGrant") ?? "refresh_token",
            OneTimeCodeGrant = values.Text("OneTimeCodeGrant"),
            UsernameField = values.Text("UsernameField") ?? "username",
            PasswordField = values.Text("PasswordField") ?? "password",
            Fields = values.Fields("Fields"),
            RefreshTokenLifetime = TimeSpan.FromDays(14),
        };
}
