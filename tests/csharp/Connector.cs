// A declaration of the part of TDengine.Connector's public interface (3.1.1 to 3.2.1) that the generated programs use, so that they can
// be compiled where no NuGet can be reached. It is not the connector: nothing here works.
#nullable disable
#pragma warning disable CS0067, CS1591

namespace TDengine.Driver
{
    using System;
    using System.Data.Common;

    public class ConnectionStringBuilder : DbConnectionStringBuilder
    {
        public ConnectionStringBuilder(string connectionString) => ConnectionString = connectionString;

        public string Host { get; set; }
        public int Port { get; set; }
        public string Database { get; set; }
        public string Username { get; set; }
        public string Password { get; set; }
        public string Token { get; set; }
        public bool UseSSL { get; set; }
    }

    public class TDengineError : Exception
    {
        public TDengineError(int code, string error) : base(error) => Code = code;

        public int Code { get; }
    }

    public class TaosFieldE
    {
    }

    public interface IStmt : IDisposable
    {
        void Prepare(string query);
        void SetTableName(string tableName);
        void SetTags(object[] tags);
        TaosFieldE[] GetColFields();
        void BindColumn(TaosFieldE[] fields, params Array[] arrays);
        void AddBatch();
        void Exec();
        long Affected();
    }

    public interface ITDengineClient : IDisposable
    {
        IStmt StmtInit();
        void SchemalessInsert(
            string[] lines, TDengineSchemalessProtocol protocol, TDengineSchemalessPrecision precision, int ttl, long reqId);
    }

    public enum TDengineSchemalessProtocol
    {
        TSDB_SML_LINE_PROTOCOL = 1,
    }

    public enum TDengineSchemalessPrecision
    {
        TSDB_SML_TIMESTAMP_MILLI_SECONDS = 4,
    }

    public static class ReqId
    {
        public static long GetReqId() => throw new NotImplementedException();
    }
}

namespace TDengine.Driver.Client
{
    using System;

    public static class DbDriver
    {
        public static ITDengineClient Open(ConnectionStringBuilder builder) => throw new NotImplementedException();
    }
}

namespace TDengine.Data.Client
{
    using System;
    using System.Data.Common;
    using TDengine.Driver;

    public class TDengineConnectionStringBuilder : ConnectionStringBuilder
    {
        public TDengineConnectionStringBuilder(string connectionString) : base(connectionString)
        {
        }
    }

    public class TDengineConnection : IDisposable
    {
        public TDengineConnection(string connectionString)
        {
        }

        public TDengineConnectionStringBuilder ConnectionStringBuilder { get; set; }

        public void Open() => throw new NotImplementedException();

        public void Dispose() => throw new NotImplementedException();
    }

    public class TDengineParameter
    {
        public TDengineParameter(string name, object value)
        {
        }
    }

    public class TDengineParameterCollection
    {
        public int Add(object value) => throw new NotImplementedException();
    }

    public class TDengineCommand : IDisposable
    {
        public TDengineCommand(TDengineConnection connection)
        {
        }

        public string CommandText { get; set; }

        public TDengineParameterCollection Parameters => throw new NotImplementedException();

        public int ExecuteNonQuery() => throw new NotImplementedException();

        public DbDataReader ExecuteReader() => throw new NotImplementedException();

        public void Dispose() => throw new NotImplementedException();
    }
}

namespace TDengine.TMQ
{
    using System;
    using System.Collections.Generic;

    public class TmqMessage<TValue>
    {
        public TValue Value { get; set; }
    }

    public class ConsumeResult<TValue> : IDisposable
    {
        public List<TmqMessage<TValue>> Message { get; set; }

        public void Dispose() => throw new NotImplementedException();
    }

    public class TopicPartitionOffset
    {
    }

    public interface IConsumer<TValue>
    {
        ConsumeResult<TValue> Consume(int millisecondsTimeout);
        void Subscribe(string topic);
        void Unsubscribe();
        List<TopicPartitionOffset> Commit();
        void Close();
    }

    public class ConsumerBuilder<TValue>
    {
        public ConsumerBuilder(IEnumerable<KeyValuePair<string, string>> config)
        {
        }

        public IConsumer<TValue> Build() => throw new NotImplementedException();
    }
}
